import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RedisConnection } from '../platform/redis-connection';
import { BeckonError } from '../platform/errors';
import { onRedis } from '../platform/redis';
import { ANSWERS, QUESTIONS_QUEUE, type AnswerTo, type Question } from './question-job';
import { queuePrefix } from './recompute-job';

export interface AskWorkersOptions {
  /** For commands: fails fast while Redis is away. */
  readonly connection: RedisConnection;
  /** A connection of its own, for waiting. Closed with this. */
  readonly blocking: Redis;
  readonly deadlineMs: number;
}

/** Answers are as good as new for this long: the same question asked by many costs one job. */
const SAME_ANSWER_MS = 1000;

/** Puts questions to whichever worker is free and waits for the answer. */
export class AskWorkers {
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  private readonly known = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>();

  constructor(
    private readonly options: AskWorkersOptions,
    private readonly now: () => number,
  ) {
    const prefix = queuePrefix(QUESTIONS_QUEUE);
    this.queue = new Queue(QUESTIONS_QUEUE, { connection: options.connection, prefix, skipWaitingForReady: true });
    this.events = new QueueEvents(QUESTIONS_QUEUE, { connection: options.blocking, prefix });
    this.queue.on('error', () => undefined); // the connection logs its own state
    this.events.on('error', () => undefined);
  }

  /** @throws BeckonError UNAVAILABLE when no worker answers within the deadline. */
  ask<K extends Question['kind']>(asked: Extract<Question, { kind: K }>): Promise<AnswerTo<K>> {
    const name = JSON.stringify(asked);
    const held = this.known.get(name);
    if (held && held.until > this.now()) return held.answer as Promise<AnswerTo<K>>; // of the same question
    const answered = this.put(asked);
    this.known.set(name, { answer: answered, until: this.now() + SAME_ANSWER_MS });
    void answered.catch(() => undefined).finally(() => setTimeout(() => this.known.delete(name), SAME_ANSWER_MS).unref());
    return answered;
  }

  async close(): Promise<void> {
    await Promise.all([this.queue.close(), this.events.close()]);
    this.options.blocking.disconnect();
  }

  private async put<K extends Question['kind']>(asked: Extract<Question, { kind: K }>): Promise<AnswerTo<K>> {
    const job = await onRedis(() => this.queue.add(asked.kind, asked, { removeOnComplete: { age: 10 }, removeOnFail: { age: 60 } }));
    try {
      const answered: unknown = await job.waitUntilFinished(this.events, this.options.deadlineMs);
      if ('userId' in asked) void job.remove().catch(() => undefined); // who asked need not be kept; what is left here goes with the next job
      return ANSWERS[asked.kind].parse(answered) as AnswerTo<K>;
    } catch (cause) {
      await job.remove().catch(() => undefined); // running or gone already: what matters is that nobody answers the dead
      throw new BeckonError('UNAVAILABLE', 'no worker has answered: try again', { retryAfterMs: 1000, cause });
    }
  }
}
