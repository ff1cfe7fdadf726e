import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { eventually } from './eventually';
import type { TestRedis } from './redis-server';

const PRIMARIES = 3;
const SLOTS = 16_384;
/** A node that has not answered for so long is taken for dead. */
const NODE_TIMEOUT_MS = 1000;

/** Three primaries with a replica each, as processes of this test's own. */
export interface ClusterRedis extends TestRedis {
  /** The port of the primary that holds a slot, as the live nodes say. */
  primaryOf(slot: number): Promise<number>;
  /** The ports of all that hold slots. */
  primaries(): Promise<number[]>;
  /** The port of the replica of the primary at `port`. */
  replicaOf(port: number): Promise<number>;
  /** Ends one server, and resolves when it is gone, not when another one has taken its place. @default the one of slot 0 */
  kill9(port?: number): Promise<void>;
  /** Starts again what was killed: a primary that has been replaced becomes a replica by itself. */
  restart(): Promise<void>;
  /** Stops a server where it stands. @returns how to let it go on */
  freeze(port: number): () => void;
  /** Resolves when every live node takes a server other than the one at `port` for the primary of all that it held. */
  untilFailedOver(port: number): Promise<void>;
  /** Resolves when all slots have a primary and each primary a replica that has caught up. */
  untilReplicated(): Promise<void>;
  /** Moves a slot with its keys to another primary, as a resharding does. */
  moveSlot(slot: number, toPort: number): Promise<void>;
}

/** A line of CLUSTER NODES. */
interface ClusterNode {
  readonly id: string;
  readonly port: number;
  readonly flags: readonly string[];
  readonly primaryId: string;
  /** From and to, both included. */
  readonly slots: readonly (readonly [number, number])[];
}

export async function startClusterRedis(): Promise<ClusterRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-cluster-'));
  const cluster = new TestCluster(dir);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

class TestCluster implements ClusterRedis {
  private readonly servers = new Map<number, RedisServer>();
  private readonly busPorts = new Map<number, number>();
  private readonly asking = new Map<number, Redis>();
  private readonly killed = new Set<number>();
  private readonly frozen = new Set<number>();

  constructor(readonly dir: string) {}

  get url(): string {
    return `redis+cluster://${[...this.servers.keys()].map((port) => `127.0.0.1:${port}`).join(',')}`;
  }

  get port(): number {
    return [...this.servers.keys()][0]!;
  }

  async start(): Promise<void> {
    for (let n = 0; n < 2 * PRIMARIES; n++) {
      const port = await freePort();
      this.busPorts.set(port, await freePort());
      this.servers.set(port, await this.launch(port));
      const asked = new Redis({
        port,
        maxRetriesPerRequest: 0,
        retryStrategy: () => 100,
        enableOfflineQueue: true,
        commandTimeout: 10_000,
      });
      asked.on('error', () => undefined); // the rejected calls say the same
      this.asking.set(port, asked);
    }
    const ports = [...this.servers.keys()];
    const ask = (port: number, ...words: (string | number)[]) => this.asking.get(port)!.call('CLUSTER', ...words);
    for (let n = 0; n < PRIMARIES; n++) {
      await ask(ports[n]!, 'ADDSLOTSRANGE', Math.ceil((n * SLOTS) / PRIMARIES), Math.ceil(((n + 1) * SLOTS) / PRIMARIES) - 1);
      await ask(ports[n]!, 'SET-CONFIG-EPOCH', n + 1);
    }
    await eventually(async () => {
      const known = (await this.nodes(ports[0]!)).map(({ port }) => port);
      for (const port of ports.slice(1)) {
        // A handshake that takes too long is forgotten, and so begun anew.
        if (!known.includes(port)) await ask(ports[0]!, 'MEET', '127.0.0.1', port, this.busPorts.get(port)!);
      }
      for (const port of ports) expectEqual((await this.nodes(port)).length, ports.length);
    }, PATIENTLY);
    const all = await this.nodes(ports[0]!);
    for (let n = 0; n < PRIMARIES; n++) {
      await ask(ports[n + PRIMARIES]!, 'REPLICATE', all.find(({ port }) => port === ports[n])!.id);
    }
    await this.untilReplicated();
  }

  async primaryOf(slot: number): Promise<number> {
    return (await this.holder(slot)).port;
  }

  async primaries(): Promise<number[]> {
    return (await this.look()).filter(({ slots }) => slots.length > 0).map(({ port }) => port);
  }

  async replicaOf(port: number): Promise<number> {
    const nodes = await this.look();
    const primary = nodes.find((node) => node.port === port)!;
    return nodes.find(({ primaryId }) => primaryId === primary.id)!.port;
  }

  async kill9(port?: number): Promise<void> {
    const server = this.servers.get(port ?? (await this.primaryOf(0)))!;
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    this.killed.add(server.port);
  }

  async restart(): Promise<void> {
    for (const port of this.killed) this.servers.set(port, await this.launch(port));
    this.killed.clear();
  }

  freeze(port: number): () => void {
    const { pid } = this.servers.get(port)!;
    process.kill(pid, 'SIGSTOP');
    this.frozen.add(port);
    return () => {
      process.kill(pid, 'SIGCONT');
      this.frozen.delete(port);
    };
  }

  untilFailedOver(port: number): Promise<void> {
    return eventually(async () => {
      for (const live of this.live) {
        const nodes = await this.nodes(live);
        const old = nodes.find((node) => node.port === port)!;
        if (old.slots.length > 0) throw new Error(`${live} still takes ${port} for a primary`);
        expectEqual(coverage(nodes), SLOTS);
      }
    }, PATIENTLY);
  }

  untilReplicated(): Promise<void> {
    return eventually(async () => {
      for (const port of this.servers.keys()) {
        const nodes = await this.nodes(port);
        expectEqual(coverage(nodes), SLOTS);
        const state = (await this.asking.get(port)!.call('CLUSTER', 'INFO')) as string;
        if (!state.includes('cluster_state:ok')) throw new Error(`${port} does not take the cluster for whole`);
        const info = await this.asking.get(port)!.info('replication');
        const inStep = /role:master/.test(info) ? /slave0:.*state=online/.test(info) : /master_link_status:up/.test(info);
        if (!inStep) throw new Error(`${port} is not replicated, or not in step`);
        if (nodes.some(({ flags }) => flags.some((flag) => flag.startsWith('fail')))) throw new Error('a node is taken for dead');
      }
    }, PATIENTLY);
  }

  async moveSlot(slot: number, toPort: number): Promise<void> {
    const from = await this.holder(slot);
    const to = (await this.look()).find(({ port }) => port === toPort)!;
    const [source, target] = [this.asking.get(from.port)!, this.asking.get(toPort)!];
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    for (;;) {
      const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
      if (keys.length === 0) break;
      await source.call('MIGRATE', '127.0.0.1', toPort, '', 0, 5000, 'KEYS', ...keys);
    }
    await target.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
    await this.untilHeldBy(toPort, slot);
    await source.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id); // it knows already, but takes the slot for one on its way still
  }

  /**
   * A server that takes a slot gives itself a new epoch without asking anybody. Were another one to do so that has not heard of it, both might have
   * the same epoch: then servers go on believing in an old owner, and the new one deletes the keys. So nobody else is told who holds the slot: they
   * believe it when they hear of the epoch.
   */
  private untilHeldBy(port: number, slot: number): Promise<void> {
    return eventually(async () => {
      for (const live of this.live) expectEqual(holderOf(await this.nodes(live), slot)?.port, port);
    }, PATIENTLY);
  }

  async stop(): Promise<void> {
    for (const redis of this.asking.values()) redis.disconnect();
    for (const port of this.frozen) process.kill(this.servers.get(port)!.pid, 'SIGCONT');
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
    await rm(this.dir, { recursive: true, force: true });
  }

  private launch(port: number): Promise<RedisServer> {
    return startRedisServer({
      dir: join(this.dir, String(port)),
      port,
      settings: {
        'cluster-enabled': 'yes',
        'cluster-port': String(this.busPorts.get(port)!),
        'cluster-node-timeout': String(NODE_TIMEOUT_MS),
        'cluster-require-full-coverage': 'no', // users of the other servers go on
        'repl-diskless-sync-delay': '0',
      },
    });
  }

  private get live(): number[] {
    return [...this.servers.keys()].filter((port) => !this.killed.has(port) && !this.frozen.has(port));
  }

  private async holder(slot: number): Promise<ClusterNode> {
    const found = holderOf(await this.look(), slot);
    if (!found) throw new Error(`nobody holds slot ${slot}`);
    return found;
  }

  private look(): Promise<ClusterNode[]> {
    return this.nodes(this.live[0]!);
  }

  private async nodes(port: number): Promise<ClusterNode[]> {
    const text = (await this.asking.get(port)!.call('CLUSTER', 'NODES')) as string;
    return text.trim().split('\n').map(readNode);
  }
}

const PATIENTLY = { withinMs: 100_000, everyMs: 50 };

function readNode(line: string): ClusterNode {
  const [id, place, flags, primaryId, , , , , ...slots] = line.split(' ');
  const ranges = slots.filter((range) => !range.startsWith('[')).map((range) => range.split('-').map(Number));
  return {
    id: id!,
    port: Number(/:(\d+)@/.exec(place!)![1]),
    flags: flags!.split(','),
    primaryId: primaryId!,
    slots: ranges.map(([from, to]) => [from!, to ?? from!]),
  };
}

const holderOf = (nodes: readonly ClusterNode[], slot: number): ClusterNode | undefined =>
  nodes.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));

const coverage = (nodes: readonly ClusterNode[]): number =>
  nodes.flatMap(({ slots }) => slots).reduce((sum, [from, to]) => sum + to - from + 1, 0);

function expectEqual(got: number | undefined, wanted: number): void {
  if (got !== wanted) throw new Error(`${got}, not ${wanted}`);
}
