import { randomUUID } from 'node:crypto';
import { unavailability, type Item } from '../../src/catalogue/item';
import { decodeItem } from '../../src/catalogue/stored-item';
import { systemClock } from '../../src/platform/clock';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { connectForCommands, untilReady } from '../../src/platform/redis';
import { listDigest } from '../../src/push/list-digest';
import { RedisLists } from '../../src/push/lists.redis';
import { loadTenantSettings } from '../../src/tenants/tenant-settings';
import { behaviourStream } from './behaviour-stream';
import { TENANT } from './bench-system';
import { HttpRecorder } from './http-recorder';
import { obeyCommands } from './obey-commands';
import { openLoop } from './open-loop';
import { round } from './quantiles';
import { writeList } from './write-list';
import { sampleList } from './sample-list';
import { listNumber, writerCommand, type WriterCommand, type WriterReply } from './storm-messages';

/* Writes the lists of bench:storm straight into the store, as a worker does, and records behaviours over HTTP. */

const SHARDS = 16;
/** On which behaviours are recorded, open before they are. */
const CONNECTIONS = 64;
/** One behaviour of so many comes on a new connection. */
const NEW_CONNECTION_EVERY = 10;
const FIRST_LISTS_AT_ONCE = 100;

type Start = Extract<WriterCommand, { do: 'start' }>;

class StormWriter {
  private readonly newest: number[];
  private written = 0;
  private isWriting = false;
  private writing: Promise<void> = Promise.resolve();
  private isRecording = false;
  private recording: Promise<void> = Promise.resolve();
  private readonly inFlight = new Set<Promise<unknown>>();
  private answersMs: number[] = [];
  private answersOnNewMs: number[] = [];
  private failed = 0;
  private readonly recorder: HttpRecorder;
  private readonly newcomer: HttpRecorder;
  /** Of the models that there are: none. With another digest every return would ask for a recompute. */
  private readonly digest = listDigest(loadTenantSettings(undefined).get(TENANT)!.digest, new Map());

  private constructor(
    private readonly start: Start,
    private readonly store: Parameters<typeof writeList>[0],
    private readonly catalogue: readonly Item[],
  ) {
    this.newest = start.userIds.map(() => 0);
    this.recorder = new HttpRecorder(start.url, { connections: CONNECTIONS });
    this.newcomer = new HttpRecorder(start.url, { connections: Infinity, keepAlive: false });
  }

  static async start(start: Start): Promise<StormWriter> {
    const redis = connectForCommands({ url: start.redisUrl, log: createLog('bench', 'warn'), name: 'beckon-bench' });
    await untilReady(redis);
    const keys = new Keys(SHARDS);
    const held = Object.values(await redis.hgetall(keys.items(TENANT))).map(decodeItem);
    const catalogue = held.filter((item) => unavailability(item, systemClock.now()) === undefined); // nothing is to be taken back
    const writer = new StormWriter(start, { redis, keys, lists: new RedisLists(redis, keys, randomUUID) }, catalogue);
    for (let from = 0; from < start.userIds.length; from += FIRST_LISTS_AT_ONCE) {
      const group = start.userIds.slice(from, from + FIRST_LISTS_AT_ONCE);
      await Promise.all(group.map((_, k) => writer.writeFor(from + k)));
    }
    return writer;
  }

  write(ratePerSecond: number): void {
    this.isWriting = true;
    this.writing = this.everySecond(
      () => this.isWriting,
      ratePerSecond,
      () => {
        this.track(this.writeFor(this.written % this.newest.length));
        this.written++;
      },
    );
  }

  async rest(): Promise<number> {
    this.isWriting = false;
    await this.writing;
    await Promise.all(this.inFlight);
    const { written } = this;
    this.written = 0;
    return written;
  }

  async record(ratePerSecond: number, seed: number): Promise<void> {
    await this.recorder.open();
    this.isRecording = true;
    this.answersMs = [];
    this.answersOnNewMs = [];
    this.failed = 0;
    let count = 0;
    const next = behaviourStream({
      seed,
      items: this.catalogue.length,
      itemIds: this.catalogue.map(({ id }) => id),
      userIds: this.start.userIds,
    });
    this.recording = this.everySecond(
      () => this.isRecording,
      ratePerSecond,
      (scheduledAt) => {
        const isNew = ++count % NEW_CONNECTION_EVERY === 0;
        const answer = (isNew ? this.newcomer : this.recorder).record([next()]).then(
          () => (isNew ? this.answersOnNewMs : this.answersMs).push(round(performance.now() - scheduledAt)),
          (error: unknown) => {
            if (this.failed++ === 0) process.stderr.write(`${String(error)}\n`);
          },
        );
        this.track(answer);
      },
    );
  }

  async recorded(): Promise<WriterReply> {
    this.isRecording = false;
    await this.recording;
    await Promise.all(this.inFlight);
    return { answersMs: this.answersMs, answersOnNewMs: this.answersOnNewMs, failed: this.failed };
  }

  get newestNumbers(): number[] {
    return [...this.newest];
  }

  private async everySecond(goesOn: () => boolean, ratePerSecond: number, act: (scheduledAt: number) => void): Promise<void> {
    while (goesOn()) await openLoop({ ratePerSecond, seconds: 1 }, act);
  }

  private async writeFor(user: number): Promise<void> {
    const n = listNumber(this.start.beganAtMs);
    const userId = this.start.userIds[user]!;
    await writeList(this.store, {
      ...sampleList({ tenant: TENANT, userId, n, catalogue: this.catalogue, now: systemClock.now() }),
      digest: this.digest,
    });
    this.newest[user] = Math.max(this.newest[user]!, n);
  }

  private track(work: Promise<unknown>): void {
    this.inFlight.add(work);
    void work.finally(() => this.inFlight.delete(work));
  }
}

let writer: StormWriter;

async function obey(command: WriterCommand): Promise<WriterReply> {
  switch (command.do) {
    case 'start':
      writer = await StormWriter.start(command);
      return {};
    case 'write':
      writer.write(command.ratePerSecond);
      return {};
    case 'rest':
      return { written: await writer.rest() };
    case 'record':
      await writer.record(command.ratePerSecond, command.seed);
      return {};
    case 'recorded':
      return writer.recorded();
    case 'newest':
      return { newest: writer.newestNumbers };
  }
}

obeyCommands(writerCommand, obey);
