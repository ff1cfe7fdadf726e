import type { TraitEdit } from '../../profile/traits/trait-edit';
import { editedSubjectOf } from '../auth/authorise';
import type { GatewayContext } from '../gateway-context';
import type { Resolvers } from '../generated/schema-types';
import { checkCount, checkText } from '../limits/check-arguments';

const MAX_NAMED = 100;

export const traitResolvers = {
  Profile: {
    traits: ({ learning }) => [...(learning?.traits ?? [])],
    traitConsents: ({ learning }) => [...(learning?.consents ?? [])],
    rejectedTraits: ({ learning }) => [...(learning?.rejected ?? [])],
  },

  Mutation: {
    deleteTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'delete', attribute: named(attribute) }),
    rejectTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'reject', attribute: named(attribute) }),
    resetTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'reset', attribute: named(attribute) }),
  },
} satisfies Resolvers;

const named = (attribute: string): string => checkText(attribute, 'attribute', 100);

async function edit({ deps, identity }: GatewayContext, userId: string | null | undefined, traits: TraitEdit) {
  const user = editedSubjectOf(identity, userId);
  if (traits.kind === 'reject') {
    const { learning } = await deps.profiles.read(user);
    checkCount([...(learning?.rejected ?? []), traits.attribute], 'attribute', MAX_NAMED);
  }
  return { profile: await deps.profiles.update(user, { traits }) };
}
