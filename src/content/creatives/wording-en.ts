import type { CreativeWording } from './wording';

export const WORDING_EN: CreativeWording = {
  language: 'en',
  headline: { plain: '{title}', category: '{category}: {title}', price: '{title} – {price}', inviting: 'Take a look: {title}' },
  reason: {
    because_you: {
      about:
        '{type, select, purchase {Goes with {evidence}, which you bought} add_to_cart {Goes with {evidence} in your cart} ' +
        'like {Because you liked {evidence}} share {Because you shared {evidence}} rate {Because you rated {evidence}} ' +
        'view {{kind, select, news {Because you read {evidence}} social {Because you watched {evidence}} other {Because you viewed {evidence}}}} ' +
        'other {Because of your interest in {evidence}}}',
      plain: 'Picked from what you looked at',
    },
    people_like_you: { about: 'People interested in {evidence} also chose this', plain: 'People with your taste chose this' },
    interest: { about: 'More in {topic}, which you like', plain: 'Matches what you like' },
    popular_in_category: { about: 'Popular in {topic}', plain: 'Popular right now' },
    popular: { plain: 'Popular right now' },
    followed: { plain: 'From somebody you follow' },
    new: { plain: 'New here' },
  },
  facts: {
    price: { neutral: 'Costs {price}', warm: 'yours for {price}', brisk: '{price}' },
    stock: {
      neutral: '{stock, plural, one {# piece in stock} other {# pieces in stock}}',
      warm: '{stock, plural, one {there is # left} other {there are # left}}',
      brisk: '{stock, number} left',
    },
    date: { neutral: 'Published on {date}', warm: 'out since {date}', brisk: '{date}' },
    category: { neutral: 'From {category}', warm: 'something from {category}', brisk: '{category}' },
  },
  tone: {
    neutral: '{text}',
    warm: 'For you: {text}',
    brisk: '{text}!',
  },
  joiner: ' · ',
  callToAction: {
    look: '{kind, select, news {Read} social {Open} other {View}}',
    price: 'View for {price}',
    act: '{kind, select, news {Read now} social {Join in} other {Buy now}}',
  },
};
