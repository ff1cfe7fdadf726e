import { request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { Random } from '../../src/platform/random';
import type { Ledger } from '../judge/ledger';

const RECORD =
  'mutation Record($behaviours: [BehaviourInput!]!) { recordBehaviours(behaviours: $behaviours) { recorded { id userId seq } rejections { index code message } } }';

interface Sent {
  readonly id: string;
  readonly userId: string;
  readonly type: 'purchase' | 'dwell';
  readonly itemId: string;
  readonly value?: number;
}

interface Answer {
  readonly data?: {
    readonly recordBehaviours: {
      readonly recorded: readonly { readonly id: string; readonly userId: string; readonly seq: number }[];
      readonly rejections: readonly { readonly index: number; readonly code: string; readonly message: string }[];
    };
  } | null;
}

export interface RecorderOptions {
  readonly ledger: Ledger;
  readonly urls: readonly string[];
  readonly userIds: readonly string[];
  /** The items that a user deals with. */
  readonly itemsOf: (userId: string) => readonly string[];
  readonly random: Random;
  readonly lanes: number;
  readonly pauseMs: number;
}

const ANSWER_WITHIN_MS = 8_000;
const MOST_AT_A_TIME = 4;
const PAUSE_AFTER_FAILURE_MS = 200;

/** Apps that record: a few behaviours at a time, sent again with the same ids, to whichever gateway, until each is acknowledged. */
export class Recorder {
  /** Requests that failed or were refused, and were sent again. */
  retried = 0;
  /** Refusals that no repetition mends. */
  readonly refused: string[] = [];
  private count = 0;
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(private readonly options: RecorderOptions) {
    this.running = Promise.all(Array.from({ length: options.lanes }, () => this.lane())).then(() => undefined);
  }

  /** Sends nothing new, and resolves when everything sent is acknowledged. */
  async finish(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Gives up what is not acknowledged yet. */
  abandon(): void {
    this.stopping = true;
    this.abandoned = true;
  }

  private abandoned = false;

  private async lane(): Promise<void> {
    const { random, pauseMs, ledger } = this.options;
    while (!this.stopping) {
      let open = Array.from({ length: 1 + Math.floor(random() * MOST_AT_A_TIME) }, () => this.draw());
      for (const { id, userId, itemId } of open) ledger.sent(id, userId, itemId);
      while (open.length > 0 && !this.abandoned) {
        const left = await this.send(open).catch(() => open);
        if (left.length > 0) {
          this.retried++;
          await after(PAUSE_AFTER_FAILURE_MS * (1 + random()));
        }
        open = left;
      }
      await after(pauseMs);
    }
  }

  private draw(): Sent {
    const { random, userIds, itemsOf } = this.options;
    const userId = userIds[Math.floor(random() * userIds.length)]!;
    const items = itemsOf(userId);
    const itemId = items[Math.floor(random() * items.length)]!;
    const id = `${userId}/${++this.count}`;
    return random() < 0.5 ? { id, userId, itemId, type: 'purchase' } : { id, userId, itemId, type: 'dwell', value: 30 };
  }

  /** @returns those that are to be sent again. */
  private async send(behaviours: readonly Sent[]): Promise<Sent[]> {
    const { urls, random, ledger } = this.options;
    const sentAtMs = performance.now();
    const { data } = JSON.parse(await post(urls[Math.floor(random() * urls.length)]!, behaviours)) as Answer;
    if (!data) return [...behaviours];
    const { recorded, rejections } = data.recordBehaviours;
    const atMs = performance.now();
    for (const { id, userId, seq } of recorded) ledger.acknowledge({ id, userId, seq, sentAtMs, atMs });
    for (const { code, message } of rejections) if (code !== 'UNAVAILABLE') this.refused.push(`${code}: ${message}`);
    return rejections.filter(({ code }) => code === 'UNAVAILABLE').map(({ index }) => behaviours[index]!);
  }
}

function post(url: string, behaviours: readonly Sent[]): Promise<string> {
  const body = JSON.stringify({ query: RECORD, variables: { behaviours } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-beckon-user': 'recorder' };
  return new Promise((resolve, reject) => {
    const sending = request(
      `${url}/graphql`,
      { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}
