import { TRAITS_PURPOSE } from '../../profile/traits/trait-consent';
import { badInput } from '../../platform/errors';
import { isPurpose, standing, type ConsentEntry } from '../../privacy/consent';
import { PURPOSES } from '../../tenants/privacy-settings';
import { editedSubjectOf, subjectOf } from '../auth/authorise';
import type { Resolvers } from '../generated/schema-types';
import { checkCount, checkText } from '../limits/check-arguments';

const MAX_CHARS = 100;
const MAX_PURPOSES = 100;

export const consentResolvers = {
  Query: {
    consents: async (_, { userId }, { deps, identity }) => {
      const user = subjectOf(identity, userId, { scope: 'read:any' });
      return standing(deps.consentSettingsOf(user.tenant), await deps.consents.read(user));
    },
  },

  Mutation: {
    setConsent: async (_, { input }, { deps, identity }) => {
      const user = editedSubjectOf(identity, input.userId, 'input.userId');
      const settings = deps.consentSettingsOf(user.tenant);
      const { purpose, granted, textVersion } = input;
      if (!isPurpose(purpose)) {
        const known = [...PURPOSES, TRAITS_PURPOSE].join(', ');
        throw badInput('input.purpose', `input.purpose must be one of ${known}, or "trait:" and the name of an attribute`);
      }
      const entry: ConsentEntry = {
        ...{ purpose, granted, at: deps.clock.now(), source: checkText(input.source, 'input.source', MAX_CHARS) },
        ...(typeof textVersion === 'string' && { textVersion: checkText(textVersion, 'input.textVersion', MAX_CHARS) }),
        by: user.userId === identity.userId ? 'user' : 'operator',
      };
      const said = new Set((await deps.consents.read(user)).map((one) => one.purpose));
      checkCount([...said.add(purpose)], 'input.purpose', MAX_PURPOSES);
      await deps.consents.note(user, entry);
      const consent = standing(settings, await deps.consents.read(user)).find((one) => one.purpose === purpose);
      return { consent: consent! };
    },
  },
} satisfies Resolvers;
