import type { Channels } from '../platform/channels';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { listDigest } from '../push/list-digest';
import type { ModelName } from '../push/recommendation-list';
import type { ModelRecord, ModelStore } from './model-store';

export interface LiveModelsOptions {
  readonly store: ModelStore;
  /** Shared with others; stay open. */
  readonly channels: Channels;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  readonly settingsDigestOf: (tenant: string) => string;
  readonly log: Log;
}

export type SwapListener = (tenant: string, live: ReadonlyMap<ModelName, ModelRecord>) => void;

/** The live version of every model of every tenant, following swaps; read again after a lost connection. */
export class LiveModels {
  private readonly held = new Map<string, ReadonlyMap<ModelName, ModelRecord>>();
  private readonly digests = new Map<string, string>();
  private readonly listeners = new Set<SwapListener>();
  private closed = false;

  constructor(private readonly options: LiveModelsOptions) {}

  async open(): Promise<void> {
    const { channels, keys, tenants } = this.options;
    const tenantOf = new Map(tenants.map((tenant) => [keys.modelSwaps(tenant), tenant]));
    const refresh = (channel: string): void => {
      const tenant = tenantOf.get(channel);
      if (tenant !== undefined) void this.refresh(tenant);
    };
    await channels.subscribe(tenantOf.keys(), (_message, channel) => refresh(channel));
    for (const tenant of tenants) await this.read(tenant);
    channels.onGap((missed) => missed.forEach(refresh));
  }

  of(tenant: string): ReadonlyMap<ModelName, ModelRecord> {
    return this.held.get(tenant) ?? new Map();
  }

  /** What a list made now is marked with. */
  digestOf(tenant: string): string {
    return this.digests.get(tenant) ?? '';
  }

  onSwap(listener: SwapListener): void {
    this.listeners.add(listener);
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
  }

  /** Until it succeeds: after an absence of Redis the connection that reads may come back later than the one that listens. */
  private refresh(tenant: string): Promise<void> {
    return keepTrying(
      async () => {
        const before = this.digestOf(tenant);
        await this.read(tenant);
        if (this.digestOf(tenant) !== before) for (const listener of this.listeners) listener(tenant, this.of(tenant));
      },
      {
        until: () => this.closed,
        onFailure: (error) => this.options.log.warn({ err: error, tenant }, 'the live models could not be read'),
      },
    );
  }

  private async read(tenant: string): Promise<void> {
    const live = await this.options.store.live(tenant);
    this.held.set(tenant, live);
    this.digests.set(tenant, listDigest(this.options.settingsDigestOf(tenant), live));
  }
}
