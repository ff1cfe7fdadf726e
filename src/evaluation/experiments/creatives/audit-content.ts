import type { Item } from '../../../catalogue/item';

/** What a reader was shown of an item, and what could be said about it. */
export interface AuditedContent {
  readonly texts: { readonly title: string; readonly text: string; readonly callToAction: string };
  /** As the catalogue has it at the time of showing. */
  readonly item: Item;
  readonly language: 'en' | 'zh' | 'ru';
  readonly evidence?: { readonly title: string; readonly type: string };
  readonly topic?: string;
  readonly bannedWords: readonly string[];
}

/**
 * Everything that a shown content says and the catalogue does not: no code of what renders or checks plans is used here, on purpose. What the catalogue itself says is
 * struck out first; of what is left every word must be one of a list written by hand, every figure the item's price, stock or day of publication, and every word that makes a
 * claim must have what it claims.
 */
export function auditContent({ texts, ...said }: AuditedContent): string[] {
  return Object.entries(texts).flatMap(([name, text]) => auditText(text, said).map((fault) => `${name}: ${fault}`));
}

type Said = Omit<AuditedContent, 'texts'>;

// Written with numbers, so that no editor can hide one.
const HIDDEN = new RegExp(
  `[${[
    [0, 31],
    [127, 159],
    [0x61c, 0x61c],
    [0x200b, 0x200b],
    [0x200e, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x2067],
    [0xfeff, 0xfeff],
  ]
    .map(([from, to]) => `\\u{${from!.toString(16)}}-\\u{${to!.toString(16)}}`)
    .join('')}]`,
  'u',
);

function auditText(text: string, said: Said): string[] {
  const faults: string[] = [];
  if (text.trim() === '') faults.push('nothing is said');
  if (HIDDEN.test(text)) faults.push('a character that is not seen');
  if (/\{|\}/.test(strike(text, said)) || /undefined|NaN|null|\[object/.test(strike(text, said)))
    faults.push('a field that was not filled in');
  const lower = text.toLowerCase();
  for (const word of said.bannedWords) if (lower.includes(word.toLowerCase())) faults.push(`the banned word ${word}`);
  const rest = strike(text, said);
  return [
    ...faults,
    ...auditMoney(rest, said.item),
    ...auditFigures(rest, said.item),
    ...auditClaims(rest, said),
    ...auditWords(withoutMoney(rest), said.language),
  ];
}

/** The text without what the catalogue and the reason say, each struck out where it stands as a whole. */
function strike(text: string, { item, evidence, topic }: Said): string {
  const known = [
    item.title,
    item.id,
    ...item.categories.flatMap((path) => path.split('/').slice(-1)),
    evidence?.title,
    topic,
    ...sentencesOf(item.text),
  ]
    .filter((part) => part !== undefined)
    .map(seen)
    .filter((part) => part !== '')
    .sort((a, b) => b.length - a.length);
  let rest = text.replace(/[\u2068\u2069]/g, '');
  for (const part of known) {
    const before = /^[\p{L}\p{N}]/u.test(part) && !HAN.test(part) ? '(?<![\\p{L}\\p{N}])' : '';
    const after = /[\p{L}\p{N}]$/u.test(part) && !HAN.test(part) ? '(?![\\p{L}\\p{N}])' : '';
    rest = rest.replace(new RegExp(`${before}${part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${after}`, 'gu'), ' ¤¤ ');
  }
  return rest;
}

const HAN = /\p{Script=Han}/u;
const seen = (text: string): string =>
  [...text]
    .map((sign) => (HIDDEN.test(sign) || /\s|[\u2068\u2069]/.test(sign) ? ' ' : sign))
    .join('')
    .replace(/ +/g, ' ')
    .trim();

/** The beginnings of a description that end with a stop. */
function sentencesOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  const whole = seen(text);
  const ends = [...whole.matchAll(/[.!?。！？]/g)].map(({ index }) => whole.slice(0, index + 1));
  return [...ends.slice(0, 8), whole];
}

const SIGNS: Readonly<Record<string, RegExp>> = {
  EUR: /€/,
  USD: /(?:US)?\$/,
  GBP: /£/,
  CNY: /(?:CN)?¥|￥/,
  JPY: /(?:JP)?¥|￥/,
  RUB: /₽/,
};
const MONEY = /(?<before>(?:CN|JP|US)?[€$£¥￥₽]\s?)?(?<amount>\d[\d\s.,\u00a0\u202f]*\d|\d)(?<after>[\s\u00a0]?[€$£¥￥₽])?/gu;

/** Every amount with a sign of money is the item's price in its currency, to the smallest coin. */
function auditMoney(rest: string, { price, currency }: Item): string[] {
  const faults: string[] = [];
  for (const { groups } of rest.matchAll(MONEY)) {
    const sign = groups!['before'] ?? groups!['after'];
    if (sign === undefined) continue;
    if (price === undefined || currency === undefined) faults.push('a price, and the item has none');
    else if (!SIGNS[currency]?.test(sign)) faults.push(`a price in another currency: ${sign}`);
    else if (Math.abs(amountOf(groups!['amount']!) - price) > 0.005 + 1e-9 * price && currency !== 'JPY')
      faults.push(`another price: ${groups!['amount']}`);
    else if (currency === 'JPY' && Math.abs(amountOf(groups!['amount']!) - price) > 0.5) faults.push(`another price: ${groups!['amount']}`);
  }
  return faults;
}

/** The last separator before one or two final digits is the decimal one; the others group. */
function amountOf(text: string): number {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '');
  const decimal = /^(?<whole>.*)[.,](?<part>\d{1,2})$/.exec(compact);
  return decimal
    ? Number(`${decimal.groups!['whole']!.replace(/[.,]/g, '')}.${decimal.groups!['part']}`)
    : Number(compact.replace(/[.,]/g, ''));
}

/** Every other figure is the stock, or a part of the day of publication. */
function auditFigures(rest: string, { stock, publishedAt }: Item): string[] {
  const plain = withoutMoney(rest);
  const day =
    publishedAt === undefined || !Number.isFinite(publishedAt)
      ? []
      : new Date(publishedAt).toISOString().slice(0, 10).split('-').map(Number);
  return [...plain.matchAll(/\p{N}+/gu)]
    .map(([figure]) => Number(figure))
    .filter((figure) => figure !== stock && !day.includes(figure))
    .map((figure) => `a figure from nowhere: ${figure}`);
}

/** Without the amounts that have a sign of money. */
const withoutMoney = (rest: string): string =>
  rest.replace(MONEY, (whole: string, ...others: unknown[]) => {
    const groups = others.at(-1) as Record<string, string | undefined>;
    return groups['before'] !== undefined || groups['after'] !== undefined ? ' ' : whole;
  });

type Demand = (said: Said, rest: string) => boolean;
const cites =
  (...types: string[]): Demand =>
  ({ evidence }) =>
    evidence !== undefined && types.includes(evidence.type);
const inStock: Demand = ({ item }, rest) => item.stock !== undefined && item.stock > 0 && rest.includes(String(item.stock));
const dated: Demand = ({ item }, rest) =>
  item.publishedAt !== undefined && rest.includes(new Date(item.publishedAt).toISOString().slice(0, 4));
const priced: Demand = ({ item }) => item.price !== undefined && item.currency !== undefined;

/** Words that claim something, and what must be so. */
const CLAIMS: readonly (readonly [RegExp, Demand])[] = [
  [/in stock|\bleft\b|库存|还有|余 |В наличии|остал/u, inStock],
  [/Published on|out since|发布于|起与您见面|Опубликовано|с нами с/u, dated],
  [/Costs|yours for|View for|售价|即可拥有|Цена:|Посмотреть за/u, priced],
  [/you bought|购买的|ваших покупок/u, cites('purchase')],
  [/in your cart|购物车中|вашей корзины/u, cites('add_to_cart')],
  [/you liked|因为您喜欢“|понравилось/u, cites('like')],
  [/you shared|分享过|поделились/u, cites('share')],
  [/you rated|评价过|оценили/u, cites('rate')],
  [/you (?:viewed|read|watched) ¤|您(?:看|读)过|вы (?:читали|смотрели) «/u, cites('view', 'click', 'dwell')],
  [/half price|sale|discount|free|cheapest|best|guarantee|only|打折|免费|最便宜|скидк|бесплатн|лучш/iu, () => false],
];

const auditClaims = (rest: string, said: Said): string[] =>
  CLAIMS.filter(([pattern, demand]) => pattern.test(rest) && !demand(said, rest)).map(
    ([pattern]) => `a claim without its fact: ${String(pattern)}`,
  );

const WORDS: Readonly<Record<AuditedContent['language'], ReadonlySet<string>>> = {
  en: new Set(
    (
      'a also and are at because bought buy cart chose costs followed follow for from goes here in interest interested is it join joined just liked left like look looked ' +
      'matches more new now of on open out people picked piece pieces popular published rated read right shared since something somebody stock take taste there this to view viewed watched what ' +
      'which with you your yours jan feb mar apr may jun jul aug sep sept oct nov dec'
    ).split(' '),
  ),
  ru: new Set(
    (
      'в вам вас ваших вашей взгляд вкусом все вы выбор для дорогая дорогой ещё за здесь из интересам интересует к кого которые кое-что корзины купить людей на наличии нами нравится новое ' +
      'опубликовано основе осталась осталось от открыть оценили популярно покупок поделились подписаны подходит понравилось похожим посмотреть посмотрите по потому присоединиться раздела ' +
      'с сейчас смотрели тех того то цена что читатель читательница читали читать штука штуки штук вашим г кое янв февр мар марта апр мая июн июня июл июля авг сент окт нояб дек кто'
    ).split(' '),
  ),
  zh: new Set([
    ...'为您推荐来看看因为喜欢分享过评价读过看过对感兴趣与购买的搭配购物车中根据浏览挑选关注人也选择了它口味相似符合喜好热门当前新到自售价即可拥有库存还有余件发布于起见面之选阅读打开查看立即加入年月日',
  ]),
};

/** Every word that is left is one that a wording may use. */
function auditWords(rest: string, language: AuditedContent['language']): string[] {
  const allowed = WORDS[language];
  const words = language === 'zh' ? [...rest.matchAll(/\p{L}/gu)] : [...rest.toLowerCase().matchAll(/\p{L}[\p{L}\p{M}-]*/gu)];
  const unknown = words.map(([word]) => word).filter((word) => !allowed.has(word));
  return unknown.map((word) => `a word from nowhere: ${word}`);
}
