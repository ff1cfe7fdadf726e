import type { CreativeWording } from './wording';

/** Russian has four plural categories, and addresses a reader by grammatical gender. */
export const WORDING_RU: CreativeWording = {
  language: 'ru',
  headline: { plain: '{title}', category: '{category}: {title}', price: '{title} – {price}', inviting: 'Посмотрите: {title}' },
  reason: {
    because_you: {
      about:
        '{type, select, purchase {Подходит к «{evidence}» из ваших покупок} add_to_cart {Подходит к «{evidence}» из вашей корзины} ' +
        'like {Потому что вам понравилось «{evidence}»} share {Потому что вы поделились «{evidence}»} rate {Потому что вы оценили «{evidence}»} ' +
        'view {{kind, select, news {Потому что вы читали «{evidence}»} other {Потому что вы смотрели «{evidence}»}}} ' +
        'other {Потому что вас интересует «{evidence}»}}',
      plain: 'На основе того, что вы смотрели',
    },
    people_like_you: { about: 'Выбор тех, кого интересует «{evidence}»', plain: 'Выбор людей с похожим вкусом' },
    interest: { about: 'Ещё из «{topic}», что вам нравится', plain: 'По вашим интересам' },
    popular_in_category: { about: 'Популярно в «{topic}»', plain: 'Сейчас популярно' },
    popular: { plain: 'Сейчас популярно' },
    followed: { plain: 'От тех, на кого вы подписаны' },
    new: { plain: 'Новое здесь' },
  },
  facts: {
    price: { neutral: 'Цена: {price}', warm: 'за {price}', brisk: '{price}' },
    stock: {
      neutral: '{stock, plural, one {В наличии # штука} few {В наличии # штуки} many {В наличии # штук} other {В наличии # штуки}}',
      warm: '{stock, plural, one {осталась # штука} few {осталось # штуки} many {осталось # штук} other {осталось # штуки}}',
      brisk: 'осталось: {stock, number}',
    },
    date: { neutral: 'Опубликовано {date}', warm: 'с нами с {date}', brisk: '{date}' },
    category: { neutral: 'Из раздела «{category}»', warm: 'кое-что из раздела «{category}»', brisk: '{category}' },
  },
  tone: {
    neutral: '{text}',
    warm: '{gender, select, feminine {Дорогая читательница} masculine {Дорогой читатель} other {Для вас}}: {text}',
    brisk: '{text}!',
  },
  joiner: ' · ',
  callToAction: {
    look: '{kind, select, news {Читать} social {Открыть} other {Посмотреть}}',
    price: 'Посмотреть за {price}',
    act: '{kind, select, news {Читать сейчас} social {Присоединиться} other {Купить сейчас}}',
  },
};
