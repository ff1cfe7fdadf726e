import { fitSegments, type Membership } from '../models/traits/segment-popularity';
import { encodeSegments, TRAITS_LAYOUT } from '../models/traits/segment-snapshot';
import type { EpochMs } from '../platform/clock';
import { FeatureBuilder, type FeatureTable } from '../profile/traits/behaviour-features';
import { inferTraits } from '../profile/traits/infer-traits';
import { learnTraits, type LearnedTraits } from '../profile/traits/learn-traits';
import { segmentsOf } from '../profile/traits/segments';
import type { Trait } from '../profile/traits/trait';
import { inferableAttributes, usableAttributes } from '../profile/traits/trait-consent';
import { learnableOf, type TraitSettings } from '../profile/traits/trait-settings';
import { RedisTraitStore, type LearnedUser } from '../profile/traits/trait-store.redis';
import type { TrainingCause } from './model-store';
import { readLearnable } from './learnable-history';
import type { TrainingDeps, TrainingListener } from './run-training';
import { TrainingEventsBuilder } from './training-events';
import { publishVersion } from './publish-version';
import { isHeld, versionAt, type RunResult } from './training-result';

export interface TraitsRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  /** Not enabled: what was inferred before is deleted. */
  readonly settings: TraitSettings;
  readonly optionsDigest: string;
}

const SEED = 1;

/**
 * One run of the traits: of users who consented, what they did → features; of those who declared an attribute, classifiers, where they are better
 * than knowing how frequent a value is; of the others, what is inferred, stored with the profile; and what is popular in each segment. What users
 * without consent did is not collected, and what they declared not looked at.
 */
export async function runTraits(deps: TrainingDeps, request: TraitsRequest, listener: TrainingListener = {}): Promise<RunResult> {
  const { store, clock } = deps;
  const { tenant, cause, settings } = request;
  const live = (await store.live(tenant)).get('traits');
  if (isHeld(live, cause)) return { outcome: 'held', message: `a rollback holds version ${live!.version}` };
  const erasures = await store.erasuresCleaned(tenant); // before anything is read
  const trainedAt = clock.now();
  const version = versionAt(trainedAt);
  listener.onVersion?.(version);
  const found = await collect(deps, request, listener);
  const { users, table, events, positions } = found;
  if (users.size === 0 && live === undefined) return { outcome: 'skipped', message: 'nobody has consented to being learned about' };
  const learned = learnTraits({ table, declared: declaredBy(found, settings), settings, seed: SEED });
  const inferred = await inferAll(deps, request, { ...found, learned, now: trainedAt });
  listener.onNote?.(`traits: ${inferred.size} users of ${users.size} have inferred traits`);
  const members = events.userIds.map((userId): Membership[] => {
    const { declared: attributes, ...standing } = users.get(userId)!;
    const profile = { attributes, learning: { ...standing, traits: inferred.get(userId) ?? [] } };
    return segmentsOf(profile, settings).map(({ name, weight }) => ({ segment: name, weight }));
  });
  const snapshot = encodeSegments(fitSegments(events, members), version, trainedAt);
  return publishVersion(deps, request, snapshot, {
    model: 'traits',
    version,
    trainedAt,
    events: events.items.length,
    items: events.itemIds.length,
    positions,
    erasures,
    learntThrough: events.times[events.times.length - 1] ?? trainedAt,
    layout: TRAITS_LAYOUT,
    traits: [...learned.reports],
  });
}

interface Collected {
  /** Users of whom something may be learned, or was. */
  readonly users: ReadonlyMap<string, LearnedUser>;
  /** Of the former. */
  readonly table: FeatureTable;
  readonly events: ReturnType<TrainingEventsBuilder['build']>;
  readonly positions: Readonly<Record<string, string>>;
}

/** Who consented is read first, shard by shard, and only then what they did. Who does not permit `training` has done nothing here. */
async function collect(deps: TrainingDeps, { tenant, settings }: TraitsRequest, listener: TrainingListener): Promise<Collected> {
  const { redis, keys, catalogue } = deps;
  const categories = new Map((await catalogue(tenant)).map((item) => [item.id, item.categories]));
  const features = new FeatureBuilder({ windowMs: settings.windowMs });
  const history = new TrainingEventsBuilder();
  const users = new Map<string, LearnedUser>();
  const positions = new Map<string, string>();
  const traits = new RedisTraitStore(redis, keys);
  for (let shard = 0; shard < keys.shards; shard++) {
    const met = new Set<string>();
    for await (const { userId } of readLearnable(deps, tenant, shard, positions)) met.add(userId);
    const standing = await traits.read(tenant, [...met]);
    const learns = new Set<string>();
    for (const user of standing) {
      const usable = usableAttributes(user, settings).length > 0;
      if (usable || user.traits.length > 0) users.set(user.userId, user);
      if (usable) learns.add(user.userId);
    }
    if (learns.size > 0) {
      for await (const behaviour of readLearnable(deps, tenant, shard, positions)) {
        const { userId, itemId, type, at, weight } = behaviour;
        const known = itemId === undefined ? undefined : categories.get(itemId);
        if (!learns.has(userId) || known === undefined || weight === 0) continue;
        history.add(behaviour);
        features.add(userId, { type, categories: known, at });
      }
    }
    listener.onProgress?.(shard + 1, keys.shards);
  }
  return { users, table: features.build(), events: history.build(), positions: Object.fromEntries(positions) };
}

/** Attribute → value by row of the table, of those who declared it and let it be used. */
function declaredBy({ users, table }: Collected, settings: TraitSettings): Map<string, (string | undefined)[]> {
  const usable = table.userIds.map((userId) => new Set(usableAttributes(users.get(userId)!, settings)));
  return new Map(
    learnableOf(settings).map((attribute) => [
      attribute,
      table.userIds.map((userId, row) => (usable[row]!.has(attribute) ? users.get(userId)!.declared[attribute] : undefined)),
    ]),
  );
}

interface InferAll extends Collected {
  readonly learned: LearnedTraits;
  readonly now: EpochMs;
}

/** Traits by user, of those who have any, as they are stored now. */
async function inferAll(
  { redis, keys }: TrainingDeps,
  { tenant, settings }: TraitsRequest,
  { users, table, learned, now }: InferAll,
): Promise<Map<string, Trait[]>> {
  const store = new RedisTraitStore(redis, keys);
  const rows = new Map(table.userIds.map((userId, row) => [userId, row]));
  const inferred = new Map<string, Trait[]>();
  for (const user of users.values()) {
    const { userId, declared } = user;
    const row = rows.get(userId);
    const attributes = inferableAttributes(user, declared, settings);
    const traits = row === undefined ? [] : inferTraits({ table, user: row, attributes, values: learned.values, settings, now });
    const stored = await store.replace({ tenant, userId }, user.traits, traits, settings.alsoSensitive);
    if (stored > 0) inferred.set(userId, traits);
  }
  return inferred;
}
