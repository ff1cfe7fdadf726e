import type { ReasonCode } from '../push/recommendation-list';
import type { ContentTemplate } from './templates';

/** The words that differ between kinds of product. Each text is one or several variants, the preferred first. */
export interface Wording {
  readonly locale: string;
  /** How evidence of these behaviour types is put, the special before the general (no types: any). */
  readonly because: readonly { readonly types?: readonly string[]; readonly text: string }[];
  readonly text: Readonly<Record<ReasonCode, readonly string[]>>;
  readonly callToAction: readonly string[];
  /** Calls to action of single surfaces. */
  readonly callToActionOn?: Readonly<Record<string, readonly string[]>>;
}

/** Templates of one wording: for each reason, the special evidence first, then what every item satisfies. */
export function templatesOf(wording: Wording): ContentTemplate[] {
  const places: { surfaces?: string[]; callToAction: string[] }[] = [
    ...Object.entries(wording.callToActionOn ?? {}).map(([surface, texts]) => ({ surfaces: [surface], callToAction: [...texts] })),
    { callToAction: [...wording.callToAction] },
  ];
  const base = { locale: wording.locale, title: '{item.title}' };
  return places.flatMap((place) => [
    ...wording.because.map(({ types, text }) => ({
      ...base,
      ...place,
      reason: 'because_you' as const,
      text,
      ...(types === undefined ? {} : { evidenceTypes: [...types] }),
    })),
    ...Object.entries(wording.text).map(([reason, text]) => ({ ...base, ...place, reason: reason as ReasonCode, text: [...text] })),
  ]);
}

const SHOP_EN: Wording = {
  locale: 'en',
  because: [
    { types: ['purchase'], text: 'Goes with {evidence.title}, which you bought' },
    { types: ['add_to_cart'], text: 'Goes with {evidence.title} in your cart' },
    { types: ['like', 'share'], text: 'Because you liked {evidence.title}' },
    { types: ['rate'], text: 'Because you rated {evidence.title}' },
    { text: 'Because you viewed {evidence.title}' },
  ],
  text: {
    because_you: ['Picked from what you looked at'],
    people_like_you: ['People who viewed {evidence.title} also chose this', 'People with your taste chose this'],
    interest: ['More in {topic}, which you like', 'Matches what you like'],
    popular_in_category: ['Popular in {topic}', 'Popular right now'],
    popular: ['Popular right now'],
    followed: ['From a seller whom you follow'],
    new: ['New in {item.category}', 'New here'],
  },
  callToAction: ['View for {item.price}', 'View'],
  callToActionOn: { cart: ['Add for {item.price}', 'Add to cart'] },
};

const SHOP_ZH: Wording = {
  locale: 'zh',
  because: [
    { types: ['purchase'], text: '与您购买的“{evidence.title}”搭配' },
    { types: ['add_to_cart'], text: '与购物车中的“{evidence.title}”搭配' },
    { types: ['like', 'share'], text: '因为您喜欢“{evidence.title}”' },
    { types: ['rate'], text: '因为您评价过“{evidence.title}”' },
    { text: '因为您看过“{evidence.title}”' },
  ],
  text: {
    because_you: ['根据您的浏览为您挑选'],
    people_like_you: ['看过“{evidence.title}”的人也选择了它', '与您口味相似的人选择了它'],
    interest: ['您喜欢的“{topic}”又有好货', '符合您的喜好'],
    popular_in_category: ['“{topic}”热门', '当前热门'],
    popular: ['当前热门'],
    followed: ['来自您关注的卖家'],
    new: ['“{item.category}”新品', '新品上架'],
  },
  callToAction: ['{item.price} 立即查看', '立即查看'],
  callToActionOn: { cart: ['{item.price} 加入购物车', '加入购物车'] },
};

const NEWS_EN: Wording = {
  locale: 'en',
  because: [
    { types: ['like', 'share'], text: 'Because you liked “{evidence.title}”' },
    { types: ['finish'], text: 'Because you read “{evidence.title}” to the end' },
    { text: 'Because you read “{evidence.title}”' },
  ],
  text: {
    because_you: ['Picked from what you read'],
    people_like_you: ['Readers of “{evidence.title}” also read this', 'Read by people with your interests'],
    interest: ['More on {topic}', 'Matches your interests'],
    popular_in_category: ['Most read in {topic}', 'Most read now'],
    popular: ['Most read now'],
    followed: ['From a source that you follow'],
    new: ['Just in: {item.category}', 'Just in'],
  },
  callToAction: ['Read'],
};

const NEWS_ZH: Wording = {
  locale: 'zh',
  because: [
    { types: ['like', 'share'], text: '因为您喜欢《{evidence.title}》' },
    { types: ['finish'], text: '因为您读完了《{evidence.title}》' },
    { text: '因为您读过《{evidence.title}》' },
  ],
  text: {
    because_you: ['根据您的阅读为您挑选'],
    people_like_you: ['《{evidence.title}》的读者也在读', '兴趣相近的人在读'],
    interest: ['更多“{topic}”内容', '符合您的兴趣'],
    popular_in_category: ['“{topic}”热读', '正在热读'],
    popular: ['正在热读'],
    followed: ['来自您关注的媒体'],
    new: ['“{item.category}”最新', '最新'],
  },
  callToAction: ['阅读'],
};

const SOCIAL_EN: Wording = {
  locale: 'en',
  because: [
    { types: ['like', 'share'], text: 'Because you liked “{evidence.title}”' },
    { types: ['comment'], text: 'Because you replied to “{evidence.title}”' },
    { text: 'Because you watched “{evidence.title}”' },
  ],
  text: {
    because_you: ['Picked from what you watched'],
    people_like_you: ['Liked by people who watched “{evidence.title}”', 'Liked by people like you'],
    interest: ['More {topic}', 'Matches your interests'],
    popular_in_category: ['Trending in {topic}', 'Trending'],
    popular: ['Trending'],
    followed: ['From somebody whom you follow'],
    new: ['New in {item.category}', 'New'],
  },
  callToAction: ['Open'],
};

const SOCIAL_ZH: Wording = {
  locale: 'zh',
  because: [
    { types: ['like', 'share'], text: '因为您喜欢“{evidence.title}”' },
    { types: ['comment'], text: '因为您评论过“{evidence.title}”' },
    { text: '因为您看过“{evidence.title}”' },
  ],
  text: {
    because_you: ['根据您的浏览为您挑选'],
    people_like_you: ['看过“{evidence.title}”的人也喜欢', '与您相似的人喜欢'],
    interest: ['更多“{topic}”', '符合您的兴趣'],
    popular_in_category: ['“{topic}”热门', '热门'],
    popular: ['热门'],
    followed: ['来自您关注的人'],
    new: ['“{item.category}”最新', '最新'],
  },
  callToAction: ['打开'],
};

/** The templates that every tenant of a preset has after its own. */
export const DEFAULT_TEMPLATES = {
  shop: [SHOP_EN, SHOP_ZH].flatMap(templatesOf),
  news: [NEWS_EN, NEWS_ZH].flatMap(templatesOf),
  social: [SOCIAL_EN, SOCIAL_ZH].flatMap(templatesOf),
} satisfies Record<string, readonly ContentTemplate[]>;
