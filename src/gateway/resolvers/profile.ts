import { BeckonError } from '../../platform/errors';
import type { ProfilePatch } from '../../profile/profiles';
import { editedSubjectOf, requireScope, subjectOf } from '../auth/authorise';
import type { Resolvers, UpdateProfileInput } from '../generated/schema-types';
import { checkCount, checkFirst, checkIdentifier, checkText, checkTopic } from '../limits/check-arguments';
import { visible } from './catalogue';

const ANONYMOUS_PREFIX = 'anon-';
const MAX_TOPICS = 100;
const MAX_ATTRIBUTES = 100;
const MAX_FOLLOWS = 1000;
const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/;

export const profileResolvers = {
  Query: {
    profile: (_, { userId }, { deps, identity }) => deps.profiles.read(subjectOf(identity, userId, { scope: 'read:any' })),
    profileExport: (_, { userId }, { deps, identity }) => deps.profiles.export(subjectOf(identity, userId, { scope: 'read:any' })),
    erasureReceipt: (_, { id }, { deps, identity }) => deps.erasures.receipt(identity.tenant, checkIdentifier(id, 'id')),
    erasures: (_, { first }, { deps, identity }) => {
      requireScope(identity, 'operate');
      return deps.erasures.receipts(identity.tenant, checkFirst(first));
    },
  },

  Mutation: {
    updateProfile: async (_, { input }, { deps, identity }) => {
      const user = editedSubjectOf(identity, input.userId, 'input.userId');
      return { profile: await deps.profiles.update(user, patchOf(input)) };
    },

    muteTopic: async (_, { topic, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      checkTopic(topic, 'topic');
      const profile = await deps.profiles.read(user);
      if (profile.mutedTopics.includes(topic)) return { profile };
      checkCount([...profile.mutedTopics, topic], 'mutedTopics', MAX_TOPICS);
      return { profile: await deps.profiles.update(user, { mute: [topic] }) };
    },

    unmuteTopic: async (_, { topic, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      checkTopic(topic, 'topic');
      const profile = await deps.profiles.read(user);
      if (!profile.mutedTopics.includes(topic)) return { profile };
      return { profile: await deps.profiles.update(user, { unmute: [topic] }) };
    },

    mergeProfile: async (_, { anonymousId, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      checkIdentifier(anonymousId, 'anonymousId');
      // Otherwise anybody could take over what a signed-in person did, and read it in the answer.
      if (!anonymousId.startsWith(ANONYMOUS_PREFIX)) editedSubjectOf(identity, anonymousId, 'anonymousId');
      if (anonymousId === user.userId)
        throw new BeckonError('BAD_INPUT', 'anonymousId must be another id than the user’s own', { field: 'anonymousId' });
      const anonymous = { tenant: user.tenant, userId: anonymousId };
      await deps.choices.switch(user, await deps.choices.surfacesOff(anonymous), false); // who switched off as somebody else is not profiled now
      return { profile: await deps.profiles.merge(anonymous, user) };
    },

    eraseProfile: async (_, { userId }, { deps, identity }) => {
      const user = subjectOf(identity, userId, { scope: 'operate' });
      const receipt = await deps.profiles.erase(user, user.userId === identity.userId ? 'user' : 'operator');
      return { userId: user.userId, receipt };
    },
  },

  Profile: {
    recent: ({ recent }, { first }) => recent.slice(0, checkFirst(first)),
    history: ({ history }, { first }) => {
      checkFirst(first);
      return entriesOf(history, first);
    },
    counters: ({ counters }) => Object.entries(counters).map(([type, count]) => ({ type, count })),
    attributes: ({ attributes }) => Object.entries(attributes).map(([name, value]) => ({ name, value })),
    notInterested: ({ notInterested }) => entriesOf(notInterested),
  },

  Interest: { locked: ({ locked }) => locked === true },
  RecentBehaviour: { item: ({ itemId }, _, context) => (itemId === undefined ? undefined : visible(context, itemId)) },
  HistoryEntry: { item: ({ itemId }, _, context) => visible(context, itemId) },
} satisfies Resolvers;

function patchOf({ declaredInterests, attributes, follows, mutedTopics, locale }: UpdateProfileInput): ProfilePatch {
  return {
    ...(declaredInterests && { declaredInterests: topics(declaredInterests, 'input.declaredInterests') }),
    ...(attributes && { attributes: attributeRecord(attributes) }),
    ...(follows && {
      follows: checkCount(follows, 'input.follows', MAX_FOLLOWS).map((id, n) => checkIdentifier(id, `input.follows[${n}]`)),
    }),
    ...(mutedTopics && { mutedTopics: topics(mutedTopics, 'input.mutedTopics') }),
    ...(locale !== null && locale !== undefined && { locale: checkLocale(locale) }),
  };
}

const topics = (ids: readonly string[], field: string): string[] =>
  checkCount(ids, field, MAX_TOPICS).map((id, n) => checkTopic(id, `${field}[${n}]`));

function attributeRecord(attributes: NonNullable<UpdateProfileInput['attributes']>): Record<string, string> {
  checkCount(attributes, 'input.attributes', MAX_ATTRIBUTES);
  return Object.fromEntries(
    attributes.map(({ name, value }, n) => [
      checkText(name, `input.attributes[${n}].name`, 100),
      checkText(value, `input.attributes[${n}].value`, 500),
    ]),
  );
}

function checkLocale(locale: string): string {
  if (!LOCALE.test(locale))
    throw new BeckonError('BAD_INPUT', 'input.locale must be a BCP 47 tag such as de-AT', { field: 'input.locale' });
  return locale;
}

function entriesOf(items: ReadonlyMap<string, number>, first = items.size): { itemId: string; at: number }[] {
  const entries: { itemId: string; at: number }[] = [];
  for (const [itemId, at] of items) {
    if (entries.length === first) break;
    entries.push({ itemId, at });
  }
  return entries;
}
