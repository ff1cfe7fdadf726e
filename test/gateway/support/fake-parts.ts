import type { BehaviourDraft, RecordOutcome } from '../../../src/behaviour/outcome';
import { behaviourSettings } from '../../../src/behaviour/behaviour-settings';
import { cleanBehaviour } from '../../../src/behaviour/clean';
import type { CatalogueOutcome, CatalogueView } from '../../../src/catalogue/catalogue';
import type { Item } from '../../../src/catalogue/item';
import { newItem } from '../../../src/catalogue/item-schema';
import type { AuditEntry } from '../../../src/gateway/auth/audit';
import type { Authenticator } from '../../../src/gateway/auth/identity';
import { hits, RevokedTokens, type Revocations, type RevocationTest } from '../../../src/gateway/auth/revocations';
import { developmentAuthenticator } from '../../../src/gateway/auth/development-authenticator';
import type { GatewayDeps } from '../../../src/gateway/gateway-deps';
import { systemClock, type Clock } from '../../../src/platform/clock';
import { createLog } from '../../../src/platform/log';
import { Metrics } from '../../../src/platform/metrics';
import type { ConsentEntry } from '../../../src/privacy/consent';
import { newReceipt, type ErasureReceipt } from '../../../src/privacy/erasure';
import { emptyProfile } from '../../../src/profile/empty-profile';
import type { Profile } from '../../../src/profile/profile';
import { ServedShapes } from '../../../src/push/served-shapes';
import { LatestMailbox } from '../../../src/push/latest-mailbox';
import { isNewer } from '../../../src/push/list-order';
import type { RecommendationList } from '../../../src/push/recommendation-list';
import { bodyOf } from '../../support/lists';

const TENANTS = ['default', 'other'];

export const itemOf = (id: string, rest: Partial<Item> = {}): Item => ({
  id,
  title: `Title of ${id}`,
  categories: [],
  tags: [],
  hidden: false,
  promoted: false,
  version: 1,
  ...rest,
});

export const listOf = (userId: string, itemIds: readonly string[], rest: Partial<RecommendationList> = {}): RecommendationList => ({
  ...bodyOf(userId, itemIds, { tenant: 'default' }),
  epoch: 'e1',
  revision: 1,
  ...rest,
});

/** The ports of the gateway in memory, with handles to see and steer them. */
export interface FakeParts {
  readonly deps: GatewayDeps;
  readonly items: Map<string, Item>;
  readonly profiles: Map<string, Profile>;
  readonly recorded: BehaviourDraft[];
  readonly watching: Set<LatestMailbox<RecommendationList>>;
  /** Replaces a user's list and tells everyone who watches it. */
  push(list: RecommendationList): void;
  /** The next call of `record` and of `profiles.read` throws this. */
  failWith(error: unknown): void;
}

export function fakeParts({
  authenticator = developmentAuthenticator,
  clock = systemClock,
}: { readonly authenticator?: Authenticator; readonly clock?: Clock } = {}): FakeParts {
  const items = new Map<string, Item>();
  const profiles = new Map<string, Profile>();
  const lists = new Map<string, RecommendationList>();
  const watching = new Set<LatestMailbox<RecommendationList>>();
  const watchers = new Map<LatestMailbox<RecommendationList>, string>();
  const recorded: BehaviourDraft[] = [];
  const off = new Set<string>();
  const audited: AuditEntry[] = [];
  const receipts: ErasureReceipt[] = [];
  const ledger: ConsentEntry[] = [];
  let failure: { readonly error: unknown } | undefined;
  let made = 0;
  const failOnce = (): void => {
    if (!failure) return;
    const { error } = failure;
    failure = undefined;
    throw error;
  };
  const nameOf = ({ tenant, userId, surface = 'home' }: { tenant: string; userId: string; surface?: string }): string =>
    `${tenant}/${userId}/${surface}`;
  const profileOf = (user: { tenant: string; userId: string }): Profile => profiles.get(nameOf(user)) ?? emptyProfile(user);
  const deps: GatewayDeps = {
    clock,
    log: createLog('test', 'silent'),
    metrics: new Metrics(),
    newId: () => `id-${++made}`,
    authenticator,
    revocations: revocationsInMemory(clock),
    audit: { note: (entry) => void audited.unshift(entry), read: async (_tenant, first) => audited.slice(0, first) },
    shapes: new ServedShapes('test'),
    hasTenant: (tenant) => TENANTS.includes(tenant),
    surfacesOf: () => ['home', 'product'],
    record: async ({ drafts, receivedAt }) => {
      failOnce();
      recorded.push(...drafts);
      return outcomeOf(drafts, receivedAt);
    },
    profiles: {
      read: async (user) => {
        failOnce();
        return profileOf(user);
      },
      update: async (user, { mute = [], unmute = [], ...patch }) => {
        const before = profileOf(user);
        const mutedTopics = [...before.mutedTopics, ...mute].filter((topic) => !unmute.includes(topic));
        const next = { ...before, mutedTopics, ...patch, seq: before.seq + 1 };
        profiles.set(nameOf(user), next);
        return next;
      },
      merge: async (from, into) => {
        profiles.delete(nameOf(from));
        return profileOf(into);
      },
      export: async (user) => ({ profile: profileOf(user), behaviours: [], archive: 'none', consents: ledger }),
      erase: async (user, by) => {
        profiles.delete(nameOf(user));
        const receipt = newReceipt({ id: `receipt-${receipts.length + 1}`, requestedAt: clock.now(), by, ids: 1, dueAt: clock.now() });
        receipts.unshift(receipt);
        return receipt;
      },
    },
    consents: { note: async (_user, entry) => void ledger.push(entry), read: async () => ledger },
    consentSettingsOf: () => ({ required: ['training'], sensitiveAttributes: ['gender'] }),
    erasures: {
      receipt: async (_tenant, id) => receipts.find((receipt) => receipt.id === id),
      receipts: async (_tenant, first) => receipts.slice(0, first),
    },
    choices: {
      isOff: async (key) => off.has(nameOf(key)),
      surfacesOff: async (user) => ['home', 'product'].filter((surface) => off.has(nameOf({ ...user, surface }))),
      switch: async (user, surfaces, enabled) => {
        for (const surface of surfaces) off[enabled ? 'delete' : 'add'](nameOf({ ...user, surface }));
      },
      onSwitch: () => () => undefined,
    },
    control: {
      setInterest: async (user, { topic, value, locked }) => {
        const interest = [{ topic, value, ...(locked && { locked }) }];
        profiles.set(nameOf(user), { ...profileOf(user), interests: { short: interest, long: interest } });
      },
      unlockInterest: async () => undefined,
      reset: async (user) => void profiles.delete(nameOf(user)),
    },
    parametersOf: () => undefined,
    personalisationOf: (_, surface) => (surface === 'home' ? 'choice' : 'always'),
    catalogue: {
      upsert: async (_tenant, given) => put(items, given),
      patch: async (_tenant, given) =>
        put(
          items,
          given.map((patch) => ({ ...items.get((patch as Item).id), ...(patch as object) })),
        ),
      setHidden: async (_tenant, ids, hidden) =>
        put(
          items,
          ids.map((id) => ({ ...items.get(id), hidden })),
        ),
    },
    itemsOf: () => viewOf(items),
    lists: {
      read: async ({ key }) => ({ list: lists.get(nameOf(key)) ?? listOf(key.userId, [], { surface: key.surface }), stale: false }),
      watch: async (key, after) => {
        const mailbox = new LatestMailbox<RecommendationList>(isNewer);
        watching.add(mailbox);
        watchers.set(mailbox, nameOf(key));
        mailbox.onClose(() => {
          watching.delete(mailbox);
          watchers.delete(mailbox);
        });
        const current = lists.get(nameOf(key));
        if (current && after && current.epoch === after.epoch && current.revision === after.revision) mailbox.skipTo(current);
        else if (current) mailbox.offer(current);
        return mailbox;
      },
      why: async (_key, itemId) => ({
        item: { itemId, score: 0.5, sources: [{ model: 'item-knn', share: 1 }], reason: { code: 'because_you', evidence: [] }, flags: [] },
        ...{ rank: 3, listSize: 20, fallback: { level: 0, name: 'hybrid' } },
        counterfactuals: [{ itemId, type: 'view', at: 0, rank: 14 }],
      }),
      related: async ({ first }) =>
        [...items.keys()].slice(0, first).map((itemId) => ({ itemId, score: 1, sources: [{ model: 'item-knn', share: 1 }] })),
      popular: async ({ first }) =>
        [...items.keys()].slice(0, first).map((itemId) => ({ itemId, score: 1, sources: [{ model: 'popular', share: 1 }] })),
    },
    models: {
      list: async () => [{ name: 'item-knn', pinned: false }],
      versions: async () => [],
      train: async (_tenant, models) => (models ?? []).map((model) => ({ id: `train-${model}`, model })),
      rollback: async (_tenant, name, version, pinned) => ({
        name,
        pinned,
        live: { model: name, version, trainedAt: 0, events: 0, items: 0, fitSeconds: 0, sizeBytes: 0, live: true },
      }),
    },
    checkHealth: async () => [{ name: 'store', status: 'ok' }],
  };
  return {
    deps,
    items,
    profiles,
    recorded,
    watching,
    push: (list) => {
      lists.set(nameOf(list), list);
      for (const [mailbox, name] of watchers) if (name === nameOf(list)) mailbox.offer(list);
    },
    failWith: (error) => (failure = { error }),
  };
}

function revocationsInMemory(clock: Clock): Revocations {
  const known = new RevokedTokens(clock);
  const listeners = new Set<(test: RevocationTest) => void>();
  return {
    isRevoked: (identity) => known.isRevoked(identity),
    revoke: async (revocation) => {
      known.add(revocation);
      for (const listener of listeners) listener((identity) => hits(revocation, identity));
    },
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The real cleaning rules; what passes them is accepted with the next seq of the batch. */
function outcomeOf(drafts: readonly BehaviourDraft[], now: number): RecordOutcome {
  const rules = {
    settings: behaviourSettings.parse({}),
    policy: 'live' as const,
    now,
    maxClockSkewMs: 300_000,
    maxLatenessMs: 30 * 86_400_000,
    newId: () => 'made-up',
  };
  const results = drafts.map((draft) => cleanBehaviour(draft, rules));
  const recorded = results.flatMap((result, index) =>
    result.ok ? [{ index, id: result.clean.behaviour.id, userId: result.clean.userId, status: 'accepted' as const, seq: index + 1 }] : [],
  );
  const rejected = results.flatMap((result, index) => (result.ok ? [] : [{ index, ...result.rejection }]));
  const users = [...new Set(recorded.map(({ userId }) => userId))].map((userId) => ({ userId, seq: drafts.length }));
  return { recorded, rejected, users };
}

function put(items: Map<string, Item>, given: readonly unknown[]): CatalogueOutcome {
  const outcome: { items: Item[]; rejected: { index: number; code: 'INVALID_VALUE'; field: string; message: string }[] } = {
    items: [],
    rejected: [],
  };
  given.forEach((value, index) => {
    const parsed = newItem.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      outcome.rejected.push({ index, code: 'INVALID_VALUE', field: String(issue!.path[0]), message: issue!.message });
      return;
    }
    const item = JSON.parse(JSON.stringify({ ...parsed.data, version: 1 })) as Item;
    items.set(item.id, item);
    outcome.items.push(item);
  });
  return outcome;
}

const viewOf = (items: Map<string, Item>): CatalogueView => ({
  get: (id) => items.get(id),
  size: items.size,
  values: () => items.values(),
});
