import type { Keys } from '../platform/keys';
import type { RedisConnection } from '../platform/redis-connection';
import { decodeDecision, encodeDecision, type ListDecisions, type StoredDecision } from './list-decisions';

/** About 1.6 KB each: some 32 MB a tenant. */
const MOST_DECISIONS = 20_000;
const PAGE = 500;

/** One capped stream a tenant. An entry that cannot be read, of another version of Beckon, is passed over. */
export class RedisListDecisions implements ListDecisions {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async append(tenant: string, decision: StoredDecision): Promise<void> {
    await this.redis.xadd(this.keys.decisions(tenant), 'MAXLEN', '~', MOST_DECISIONS, '*', 'list', encodeDecision(decision));
  }

  async *read(tenant: string): AsyncGenerator<StoredDecision> {
    let from = '-';
    for (;;) {
      const page = await this.redis.xrange(this.keys.decisions(tenant), from, '+', 'COUNT', PAGE);
      for (const [, [, json]] of page) {
        const decision = decoded(json!);
        if (decision) yield decision;
      }
      if (page.length < PAGE) return;
      from = `(${page.at(-1)![0]}`;
    }
  }
}

function decoded(json: string): StoredDecision | undefined {
  try {
    return decodeDecision(json);
  } catch {
    return undefined;
  }
}
