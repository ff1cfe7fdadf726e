import type { Resolvers } from '../generated/schema-types';

/** A topic is its id, `c:<category>` or `t:<tag>`, until somebody asks for more. */
export const topicResolvers = {
  Topic: {
    id: (topic) => topic,
    kind: (topic) => (topic.startsWith('c:') ? 'category' : 'tag'),
    name: (topic) => topic.slice(2),
  },
} satisfies Resolvers;
