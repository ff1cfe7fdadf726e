import { createHash } from 'node:crypto';

/**
 * Every Redis key, in one place.
 *
 * The hash tag is `{tenant:shard}`: all keys of one user *and* the behaviour-log shard that they append to live in one
 * Redis Cluster slot, so that "append, advance, update" is one atomic script. The catalogue of a tenant has a slot of
 * its own. See docs/decisions/0003-one-slot-per-shard.md.
 */
export interface UserKey {
  readonly tenant: string;
  readonly userId: string;
}

/** The shard of a user, in [0, shards): stable across processes and versions. */
export function shardOf({ tenant, userId }: UserKey, shards: number): number {
  return createHash('md5').update(`${tenant}\n${userId}`).digest().readUInt32BE(0) % shards;
}

/** Users whose shards are remembered. */
const MOST_KNOWN = 20_000;

export class Keys {
  /** To find a shard costs more than all else about a key, and a piece of work asks for many keys of one user. */
  private readonly known = new Map<string, number>();

  constructor(
    readonly shards: number,
    private readonly prefix = 'beckon',
  ) {}

  shardOf(user: UserKey): number {
    const name = `${user.tenant}\n${user.userId}`;
    let shard = this.known.get(name);
    if (shard !== undefined) return shard;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    shard = shardOf(user, this.shards);
    this.known.set(name, shard);
    return shard;
  }

  private shard(tenant: string, shard: number, name: string): string {
    return `${this.prefix}:{${tenant}:${shard}}:${name}`;
  }

  private user(user: UserKey, name: string): string {
    return this.shard(user.tenant, this.shardOf(user), `u:${user.userId}:${name}`);
  }

  private catalogue(tenant: string, name: string): string {
    return `${this.prefix}:{${tenant}:catalogue}:${name}`;
  }

  private models(tenant: string, name: string): string {
    return `${this.prefix}:{${tenant}:models}:${name}`;
  }

  private privacy(tenant: string, name: string): string {
    return `${this.prefix}:{${tenant}:privacy}:${name}`;
  }

  private identities(tenant: string, name: string): string {
    return `${this.prefix}:{${tenant}:identities}:${name}`;
  }

  // One shard of users
  /** Stream: the behaviour log. */
  log = (tenant: string, shard: number): string => this.shard(tenant, shard, 'log');
  /** Sorted set `user \n surface` → time of the oldest behaviour not yet in that list: what the sweep heals. */
  pending = (tenant: string, shard: number): string => this.shard(tenant, shard, 'pending');
  /** Sorted set `user \n surface` → when the last watch lease ends. */
  watched = (tenant: string, shard: number): string => this.shard(tenant, shard, 'watched');
  /** Pub/sub channel: lists as they are replaced. */
  feed = (tenant: string, shard: number): string => this.shard(tenant, shard, 'feed');
  /** Text without meaning: written so that a replica that has it has all that was written before it. */
  fence = (tenant: string, shard: number): string => this.shard(tenant, shard, 'fence');

  // One user
  /** Hash: seq, counters (`n:<type>`), follows (`f:<target>`), muted topics (`m:<topic>`), locked interests (`i:<topic>`), purposes granted and withdrawn (`p:<purpose>`, `w:<purpose>`), declared interests, attributes, locale. */
  profile = (user: UserKey): string => this.user(user, 'profile');
  /** Sorted set: packed recent behaviours by time. */
  recent = (user: UserKey): string => this.user(user, 'recent');
  /** Sorted set: item id → time of the last positive behaviour. */
  history = (user: UserKey): string => this.user(user, 'history');
  /** Sorted set: behaviour id → seq. */
  ids = (user: UserKey): string => this.user(user, 'ids');
  /** Hash with a lifetime: `type \n item` → time, for the debouncing of repeats. */
  repeats = (user: UserKey): string => this.user(user, 'repeats');
  /** Hash: topic → `value \t at`, decayed with the short and the long half-life. */
  interests = (user: UserKey, term: 'short' | 'long'): string => this.user(user, `interests:${term}`);
  /** Hash: item id → time. */
  notInterested = (user: UserKey): string => this.user(user, 'not-interested');
  /** All that the profile of a user is made of, in the order in which record.lua takes it. */
  profileParts = (user: UserKey): string[] => [
    this.profile(user),
    this.recent(user),
    this.history(user),
    this.ids(user),
    this.repeats(user),
    this.interests(user, 'short'),
    this.interests(user, 'long'),
    this.notInterested(user),
  ];
  /** Hash: surface → `off`. No part of the profile: who is not to be profiled must be known without reading one. */
  choices = (user: UserKey): string => this.user(user, 'choices');
  /** Sorted set `surface \t gateway` → when that gateway's watch lease ends. */
  watches = (user: UserKey, shard = this.shardOf(user)): string => this.shard(user.tenant, shard, `u:${user.userId}:watches`);
  /** Hash: epoch, revision, appliedThrough, digest, body. */
  list = (user: UserKey, surface: string): string => this.user(user, `list:${surface}`);
  /** Stream: what the user has granted and withdrawn, in order. */
  consent = (user: UserKey): string => this.user(user, 'consent');
  /** What the names of all keys of a tenant's users begin with, up to the shard. */
  usersOf = (tenant: string): string => `${this.prefix}:{${tenant}:`;
  /** What the name of every key of one user begins with; the rest is the part: see `isPartOf`. */
  partsOf = (user: UserKey): string => this.user(user, '');

  /** List with a lifetime, newest first: how the contents of the reader's lists were chosen. */
  shownCreatives = (user: UserKey): string => this.user(user, 'creatives');

  // One tenant's catalogue
  /** Hash: item id → JSON. */
  items = (tenant: string): string => this.catalogue(tenant, 'items');
  /** Stream: ids of changed items, capped. */
  itemChanges = (tenant: string): string => this.catalogue(tenant, 'changes');
  /** String: counter that versions are drawn from. */
  itemVersion = (tenant: string): string => this.catalogue(tenant, 'version');
  /** Sorted set: item id → expiry. */
  itemExpiry = (tenant: string): string => this.catalogue(tenant, 'expiry');

  /** Hash: `kind \n item id` → JSON of what came of the item's picture or sound. */
  features = (tenant: string): string => this.catalogue(tenant, 'features');
  /** String: id of the last change whose item has been given its features. */
  featuresSeen = (tenant: string): string => this.catalogue(tenant, 'features-seen');

  // One tenant's models
  /** Hash: model → JSON record of the live version. */
  liveModels = (tenant: string): string => this.models(tenant, 'live');
  /** List of binary chunks of one snapshot. */
  snapshot = (tenant: string, model: string, version: string): string => this.models(tenant, `snapshot:${model}:${version}`);
  /** List of JSON records, newest first: every version that was trained. */
  modelVersions = (tenant: string, model: string): string => this.models(tenant, `versions:${model}`);
  /** Hash: model → JSON of its last training run. */
  trainingRuns = (tenant: string): string => this.models(tenant, 'runs');
  /** Stream, capped: lists that explored, without their users. */
  decisions = (tenant: string): string => this.models(tenant, 'decisions');
  /** Pub/sub channel: the pointer of a model has moved. */
  modelSwaps = (tenant: string): string => this.models(tenant, 'swaps');
  /** Hash: surface → JSON of the list that serves when nothing personal can. */
  fallbackList = (tenant: string): string => this.models(tenant, 'fallback');

  // One tenant's identities
  /** Sorted set: JSON of a revocation of tokens → when it is forgotten. */
  revoked = (tenant: string): string => this.identities(tenant, 'revoked');
  /** Pub/sub channel: revocations as they are stored. */
  revocations = (tenant: string): string => this.identities(tenant, 'revocations');
  /** Stream, capped: mutations of operators. */
  audit = (tenant: string): string => this.identities(tenant, 'audit');

  /** Pub/sub channel: `user \n surface` whose personalisation was switched. */
  choiceSwitches = (tenant: string): string => this.identities(tenant, 'choices');

  // One tenant's erasures
  /** Hash: id → JSON receipt of an erasure. */
  receipts = (tenant: string): string => this.privacy(tenant, 'receipts');
  /** Sorted set: id of a receipt → when the erasure was asked for. */
  receiptsByTime = (tenant: string): string => this.privacy(tenant, 'receipts-by-time');
  /** Sorted set: the same of receipts that are not complete. */
  incompleteErasures = (tenant: string): string => this.privacy(tenant, 'incomplete');
  /** String with a lifetime: who goes on with the tenant's erasures now. */
  erasureLease = (tenant: string): string => this.privacy(tenant, 'lease');
  /** Hash: id of a receipt → JSON of whom the erasure is about; a field is gone as soon as they are. */
  openErasures = (tenant: string): string => this.privacy(tenant, 'open');
  /** Pub/sub channel: users whose watches end because they are being erased. */
  erasing = (tenant: string): string => this.privacy(tenant, 'erasing');
  /** String with a lifetime: who may write the archive of a shard now. */
  archiveLease = (tenant: string, shard: number): string => this.privacy(tenant, `archive-lease:${shard}`);
  /** Hash: `cleaned`, how many erasures are through with log and archive; `floor`: no version that knows fewer of them may be published. */
  erasureCount = (tenant: string): string => this.models(tenant, 'erasures');

  // One tenant's quotas
  /** Hash or sorted set: what gateways have leased of a quota. */
  quota = (tenant: string, name: string): string => `${this.prefix}:{${tenant}:quotas}:${name}`;

  // One tenant's subscriptions
  /** Hash with a lifetime: gateway → JSON of the shapes of lists that its subscriptions have. */
  servedShapes = (tenant: string): string => `${this.prefix}:{${tenant}:shapes}:served`;

  /** Hash: what `npm start` fills this tenant with (`source`, `startedAt`), and since when it is done (`doneAt`). */
  filling = (tenant: string): string => this.catalogue(tenant, 'filling');

  /** Pub/sub channel: canaries that come back to one process. */
  canary = (name: string): string => `${this.prefix}:{canary}:back:${name}`;
  /** String with a lifetime: canaries come back somewhere. */
  canaryPassed = (): string => `${this.prefix}:{canary}:passed`;

  /** String: what must not change under a running store (number of shards, layout version). */
  layout = (): string => `${this.prefix}:layout`;
}

/**
 * Whether `part`, the rest of a key's name after `Keys.partsOf(user)`, is a part of that user. User ids may hold colons, so that the parts of
 * `a:b` begin like those of `a`: a part has a colon only where it is an interest or a list, whose owner its body names.
 */
export const isPartOf = (part: string): boolean => !part.includes(':') || part.startsWith('interests:') || part.startsWith('list:');
