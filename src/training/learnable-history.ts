import type { LoggedBehaviour } from '../behaviour/behaviour';
import { onRedis } from '../platform/redis';
import { permits, type ConsentSettings, type Purpose } from '../privacy/consent';
import { consentField, withdrawnField } from '../profile/traits/trait';
import { readShardHistory, type HistoryDeps } from './read-history';

export interface LearnableDeps extends HistoryDeps {
  readonly consent: ConsentSettings;
}

const PURPOSE: Purpose = 'training';
/** Behaviours that are looked at together. */
const BATCH = 1000;

/** Whether the user let a behaviour be learnt from when it was recorded. */
export const mayTeach = (consent: ConsentSettings, { training }: Pick<LoggedBehaviour, 'training'>): boolean =>
  permits(consent, training, PURPOSE);

/**
 * What may be learnt from of a shard, oldest first, each once: `readShardHistory` without the behaviours of users who at this moment do not permit `training`,
 * and without what was recorded while it was withdrawn. Of a behaviour that was taken over from an anonymous user there remains that it was: the
 * anonymous user's own are counted by nobody.
 */
export async function* readLearnable(
  deps: LearnableDeps,
  tenant: string,
  shard: number,
  positions: Map<string, string>,
): AsyncGenerator<LoggedBehaviour> {
  const permitted = new Map<string, boolean>();
  let batch: LoggedBehaviour[] = [];
  const judged = async (): Promise<LoggedBehaviour[]> => {
    const unknown = [...new Set(batch.map(({ userId }) => userId))].filter((userId) => !permitted.has(userId));
    const said = await Promise.all(unknown.map((userId) => saidOf(deps, tenant, userId)));
    unknown.forEach((userId, k) => permitted.set(userId, permits(deps.consent, said[k], PURPOSE)));
    return batch.flatMap((behaviour) => {
      if (permitted.get(behaviour.userId)! && behaviour.training !== false) return [behaviour];
      return behaviour.mergedFrom === undefined ? [] : [onlyMerge(behaviour)];
    });
  };
  for await (const behaviour of readShardHistory(deps, tenant, shard, positions)) {
    batch.push(behaviour);
    if (batch.length < BATCH) continue;
    yield* await judged();
    batch = [];
  }
  yield* await judged();
}

/** What somebody has said of it; undefined: nothing. */
async function saidOf({ redis, keys }: HistoryDeps, tenant: string, userId: string): Promise<boolean | undefined> {
  const profile = keys.profile({ tenant, userId });
  const [granted = null, withdrawn = null] = await onRedis(() => redis.hmget(profile, consentField(PURPOSE), withdrawnField(PURPOSE)));
  return granted !== null ? true : withdrawn !== null ? false : undefined;
}

const onlyMerge = ({ tenant, userId, id, type, at, seq, receivedAt, mergedFrom }: LoggedBehaviour): LoggedBehaviour => ({
  ...{ tenant, userId, id, type, at, seq, receivedAt, weight: 0, previous: [] },
  ...(mergedFrom !== undefined && { mergedFrom }),
});
