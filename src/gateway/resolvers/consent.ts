import { badInput } from '../../platform/errors';
import { standing, type ConsentEntry } from '../../privacy/consent';
import { editedSubjectOf, subjectOf } from '../auth/authorise';
import type { Resolvers } from '../generated/schema-types';
import { checkText } from '../limits/check-arguments';

const MAX_CHARS = 100;

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
      if (!settings.purposes.includes(purpose))
        throw badInput('input.purpose', `input.purpose must be one of ${settings.purposes.join(', ')}`);
      const entry: ConsentEntry = {
        ...{ purpose, granted, at: deps.clock.now(), source: checkText(input.source, 'input.source', MAX_CHARS) },
        ...(typeof textVersion === 'string' && { textVersion: checkText(textVersion, 'input.textVersion', MAX_CHARS) }),
        by: user.userId === identity.userId ? 'user' : 'operator',
      };
      await deps.consents.note(user, entry);
      const consent = standing(settings, await deps.consents.read(user)).find((one) => one.purpose === purpose);
      return { consent: consent! };
    },
  },
} satisfies Resolvers;
