/** What an app shows of an item, and everything that says how good it is and why. */
const ITEMS = {
  shown: 'itemId rank item { title price currency imageUrl } reason { code topic { name } } content { title text callToAction }',
  scored:
    'itemId rank score flags item { title price currency imageUrl } sources { model share } ' +
    'reason { code topic { name } evidence { itemId type share } } content { title text callToAction }',
};
export const SELECTIONS = ['shown', 'scored'] as const;
export type Selection = (typeof SELECTIONS)[number];

const LIST = 'recommendationId position { epoch revision } appliedThrough';

/** The same selection as a subscription to whole lists and as one to deltas, for the same size of list. */
export const watchDocument = (selection: Selection, way: 'list' | 'delta'): string =>
  `subscription Watch($userId: ID) { recommendations(userId: $userId) { ${
    way === 'list'
      ? `list { ${LIST} items { ...Shown } }`
      : `full { ${LIST} items { ...Shown } } delta { base { epoch revision } ${LIST} removed moved { itemId to } added { ...Shown } changed { ...Shown } }`
  } } } fragment Shown on Recommendation { ${ITEMS[selection]} }`;
