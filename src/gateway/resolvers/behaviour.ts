import { BEHAVIOUR_TYPES } from '../../behaviour/behaviour';
import type { BehaviourDraft } from '../../behaviour/outcome';
import { BeckonError } from '../../platform/errors';
import { requireScope, subjectOf } from '../auth/authorise';
import type { Identity } from '../auth/identity';
import type { BehaviourInput, Resolvers } from '../generated/schema-types';
import { checkBatch, checkIdentifier } from '../limits/check-arguments';

const BUILT_IN: ReadonlySet<string> = new Set(BEHAVIOUR_TYPES);

export const behaviourResolvers = {
  Mutation: {
    recordBehaviours: async (_, { behaviours }, { deps, identity, limits, receivedAt }) => {
      checkBatch(behaviours, 'behaviours', limits.maxBatch);
      const drafts = behaviours.map((behaviour) => draftOf(identity, behaviour));
      await deps.quotas?.take(identity.tenant, 'behaviours', drafts.length);
      const { recorded, rejected, users } = await deps.record({ tenant: identity.tenant, drafts, receivedAt });
      return { recorded, rejections: rejected, users };
    },

    undoNotInterested: async (_, { itemId, userId }, { deps, identity, receivedAt }) => {
      const user = subjectOf(identity, userId, { scope: 'record:any' });
      checkIdentifier(itemId, 'itemId');
      const draft = { userId: user.userId, id: deps.newId(), type: 'undo_not_interested', itemId };
      const { recorded, rejected } = await deps.record({ tenant: user.tenant, drafts: [draft], receivedAt });
      const [entry] = recorded;
      if (!entry) throw new BeckonError('BAD_INPUT', rejected[0]?.message ?? 'was not recorded', { field: rejected[0]?.field ?? 'itemId' });
      return { itemId, seq: entry.seq };
    },
  },
} satisfies Resolvers;

/**
 * A behaviour as the pipeline takes it, for the caller unless it names somebody else.
 * @throws BeckonError FORBIDDEN when it names somebody else without the scope: that is no slip in the data, so it fails the whole call.
 */
function draftOf(identity: Identity, { userId, type, ...rest }: BehaviourInput): BehaviourDraft {
  if (userId !== null && userId !== undefined && userId !== identity.userId) requireScope(identity, 'record:any');
  const lower = type.toLowerCase();
  return { ...rest, userId: userId ?? identity.userId, type: BUILT_IN.has(lower) ? lower : type };
}
