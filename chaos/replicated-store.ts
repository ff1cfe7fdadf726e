import { slotOf } from '../src/platform/redis-cluster';
import { startClusterRedis, type ClusterRedis } from '../test/support/redis-cluster';
import { startSentinelRedis, type SentinelRedis } from '../test/support/redis-sentinel';
import type { TestRedis } from '../test/support/redis-server';
import type { Topology } from './draw-faults';

/** A store whose primaries can be replaced, as faults see it. */
export interface ReplicatedStore {
  readonly server: TestRedis;
  /** The port of a primary that has users: of a cluster's, another one each time, as far as shards go. */
  nextPrimary(): Promise<number>;
  kill(port: number): Promise<void>;
  /** @returns how to let it go on */
  freeze(port: number): Promise<() => void>;
  untilFailedOver(port: number): Promise<void>;
  /** Starts again what was killed. */
  restart(): Promise<void>;
  untilReplicated(): Promise<void>;
  /** Moves slots that hold users to other primaries, where there is a cluster. @returns which. */
  moveSlots(count: number): Promise<number[]>;
}

/** Undefined for one that has no replicas. @param quick saves the Sentinels the work of telling a server that comes back that it is a replica now. */
export async function startReplicatedStore(topology: Topology, quick: boolean): Promise<ReplicatedStore | undefined> {
  switch (topology) {
    case 'single':
      return undefined;
    case 'sentinel':
      return overSentinels(await startSentinelRedis({ sentinels: 3 }), quick);
    case 'cluster':
      return overCluster(await startClusterRedis());
  }
}

const overSentinels = (server: SentinelRedis, quick: boolean): ReplicatedStore => ({
  server,
  nextPrimary: () => server.primaryPort(),
  kill: () => server.kill9(),
  freeze: () => server.freezePrimary(),
  untilFailedOver: (port) => server.untilFailedOver(port),
  restart: () => (quick ? server.restartAsReplica() : server.restart()),
  untilReplicated: () => server.untilReplicated(),
  moveSlots: () => Promise.reject(new Error('there are no slots to move')),
});

/** As the processes' default. */
const SHARDS = 16;

function overCluster(server: ClusterRedis): ReplicatedStore {
  let turn = 0;
  const nextSlot = (): number => slotOf(`{default:${turn++ % SHARDS}}`);
  return {
    server,
    nextPrimary: () => server.primaryOf(nextSlot()),
    kill: (port) => server.kill9(port),
    freeze: (port) => Promise.resolve(server.freeze(port)),
    untilFailedOver: (port) => server.untilFailedOver(port),
    restart: () => server.restart(),
    untilReplicated: () => server.untilReplicated(),
    moveSlots: async (count) => {
      const moved: number[] = [];
      for (let n = 0; n < count; n++) {
        const slot = nextSlot();
        const from = await server.primaryOf(slot);
        const others = (await server.primaries()).filter((port) => port !== from);
        await server.moveSlot(slot, others[slot % others.length]!);
        moved.push(slot);
      }
      return moved;
    },
  };
}
