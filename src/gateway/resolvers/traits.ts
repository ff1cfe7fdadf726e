import { badInput } from '../../platform/errors';
import type { TraitEdit } from '../../profile/traits/trait-edit';
import { isTraitPurpose } from '../../profile/traits/trait-consent';
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
    setTraitConsent: (_, { purpose, granted, userId }, context) => {
      if (!isTraitPurpose(purpose)) throw badInput('purpose', 'purpose must be "traits", or "trait:" and the name of an attribute');
      return edit(context, userId, granted ? { kind: 'grant', purpose } : { kind: 'withdraw', purpose });
    },
    deleteTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'delete', attribute: named(attribute) }),
    rejectTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'reject', attribute: named(attribute) }),
    resetTrait: (_, { attribute, userId }, context) => edit(context, userId, { kind: 'reset', attribute: named(attribute) }),
  },
} satisfies Resolvers;

const named = (attribute: string): string => checkText(attribute, 'attribute', 100);

async function edit({ deps, identity }: GatewayContext, userId: string | null | undefined, traits: TraitEdit) {
  const user = editedSubjectOf(identity, userId);
  if (traits.kind === 'grant' || traits.kind === 'reject') {
    const { learning } = await deps.profiles.read(user);
    if (traits.kind === 'grant') checkCount([...(learning?.consents ?? []), traits.purpose], 'purpose', MAX_NAMED);
    if (traits.kind === 'reject') checkCount([...(learning?.rejected ?? []), traits.attribute], 'attribute', MAX_NAMED);
  }
  return { profile: await deps.profiles.update(user, { traits }) };
}
