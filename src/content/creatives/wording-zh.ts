import type { CreativeWording } from './wording';

export const WORDING_ZH: CreativeWording = {
  language: 'zh',
  headline: { plain: '{title}', category: '{category}：{title}', price: '{title} – {price}', inviting: '来看看：{title}' },
  reason: {
    because_you: {
      about:
        '{type, select, purchase {与您购买的“{evidence}”搭配} add_to_cart {与购物车中的“{evidence}”搭配} like {因为您喜欢“{evidence}”} ' +
        'share {因为您分享过“{evidence}”} rate {因为您评价过“{evidence}”} ' +
        'view {{kind, select, news {因为您读过《{evidence}》} other {因为您看过“{evidence}”}}} other {因为您对“{evidence}”感兴趣}}',
      plain: '根据您的浏览为您挑选',
    },
    people_like_you: { about: '关注“{evidence}”的人也选择了它', plain: '与您口味相似的人选择了它' },
    interest: { about: '您喜欢的“{topic}”', plain: '符合您的喜好' },
    popular_in_category: { about: '“{topic}”热门', plain: '当前热门' },
    popular: { plain: '当前热门' },
    followed: { plain: '来自您关注的人' },
    new: { plain: '新到' },
  },
  facts: {
    price: { neutral: '售价 {price}', warm: '{price} 即可拥有', brisk: '{price}' },
    stock: {
      neutral: '库存 {stock, number} 件',
      warm: '还有 {stock, number} 件',
      brisk: '余 {stock, number} 件',
    },
    date: { neutral: '发布于 {date}', warm: '{date} 起与您见面', brisk: '{date}' },
    category: { neutral: '来自“{category}”', warm: '“{category}”之选', brisk: '{category}' },
  },
  tone: { neutral: '{text}', warm: '为您推荐：{text}', brisk: '{text}！' },
  joiner: ' · ',
  callToAction: {
    look: '{kind, select, news {阅读} social {打开} other {查看}}',
    price: '{price} 查看',
    act: '{kind, select, news {立即阅读} social {加入} other {立即购买}}',
  },
};
