import { badInput, BeckonError } from '../../platform/errors';
import type { UserKey } from '../../platform/keys';
import { editedSubjectOf, subjectOf } from '../auth/authorise';
import type { GatewayDeps } from '../gateway-deps';
import type { Resolvers, SurfacePersonalisation } from '../generated/schema-types';
import { checkIdentifier, checkSurface, checkTopic } from '../limits/check-arguments';

const MAX_STRENGTH = 100;

export const participationResolvers = {
  Query: {
    personalisation: (_, { userId }, { deps, identity }) => surfacesFor(deps, subjectOf(identity, userId, { scope: 'read:any' })),
  },

  Mutation: {
    setPersonalisation: async (_, { enabled, surface, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      await deps.choices.switch(user, switched(deps, user.tenant, surface ?? undefined), enabled);
      return { surfaces: await surfacesFor(deps, user) };
    },

    rateRecommendation: async (_, { input }, { deps, identity, receivedAt }) => {
      const { recommendationId, rating, itemId, surface, id } = input;
      const user = subjectOf(identity, input.userId, { scope: 'record:any', field: 'input.userId' });
      checkIdentifier(recommendationId, 'input.recommendationId');
      if (rating < 1 || rating > 5) throw badInput('input.rating', 'input.rating must be from 1, bad, to 5, good');
      await deps.quotas?.take(user.tenant, 'behaviours', 1);
      const draft = {
        userId: user.userId,
        id: id ?? deps.newId(),
        type: 'rate_recommendation',
        value: rating,
        recommendationId,
        itemId,
        surface,
      };
      const { recorded, rejected } = await deps.record({ tenant: user.tenant, drafts: [draft], receivedAt });
      if (recorded[0]) return { seq: recorded[0].seq };
      const [{ field = 'input', message = 'was not recorded' } = {}] = rejected;
      throw new BeckonError('BAD_INPUT', `input.${field} ${message}`, { field: `input.${field}` });
    },

    setInterest: async (_, { input }, { deps, identity }) => {
      const user = editedSubjectOf(identity, input.userId, 'input.userId');
      const { value, locked } = input;
      if (!(Math.abs(value) <= MAX_STRENGTH)) throw badInput('input.value', `input.value must be from −${MAX_STRENGTH} to ${MAX_STRENGTH}`);
      await deps.control.setInterest(user, { topic: checkTopic(input.topic, 'input.topic'), value, locked: locked ?? false });
      return { profile: await deps.profiles.read(user) };
    },

    unlockInterest: async (_, { topic, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      await deps.control.unlockInterest(user, checkTopic(topic, 'topic'));
      return { profile: await deps.profiles.read(user) };
    },

    resetProfile: async (_, { keepEdits, userId }, { deps, identity }) => {
      const user = editedSubjectOf(identity, userId);
      await deps.control.reset(user, { keepEdits });
      return { profile: await deps.profiles.read(user) };
    },
  },
} satisfies Resolvers;

type ChoiceDeps = Pick<GatewayDeps, 'choices' | 'personalisationOf' | 'surfacesOf'>;

/** The surfaces that a switch is about. @throws BeckonError BAD_INPUT for one that is not known, or that leaves no choice. */
function switched({ surfacesOf, personalisationOf }: ChoiceDeps, tenant: string, surface: string | undefined): string[] {
  const known = surfacesOf(tenant);
  if (surface === undefined) return known.filter((name) => personalisationOf(tenant, name) === 'choice');
  const mode = personalisationOf(tenant, checkSurface(surface, known));
  if (mode === 'choice') return [surface];
  const message = mode === 'never' ? 'this surface profiles nobody: there is nothing to switch' : 'this surface does not leave the choice';
  throw badInput('surface', message);
}

async function surfacesFor({ choices, personalisationOf, surfacesOf }: ChoiceDeps, user: UserKey): Promise<SurfacePersonalisation[]> {
  const off = new Set(await choices.surfacesOff(user));
  return surfacesOf(user.tenant).map((surface) => {
    const mode = personalisationOf(user.tenant, surface);
    return { surface, enabled: mode === 'always' || (mode === 'choice' && !off.has(surface)), switchable: mode === 'choice' };
  });
}
