import type { StreamEntry } from './stream-tail';
import type { RedisConnection } from './redis-connection';

const PAGE = 1000;

/** All entries of a stream as of the reading of each page, oldest first, page by page. */
export async function* pagesOf(redis: RedisConnection, stream: string): AsyncGenerator<readonly StreamEntry[]> {
  let from = '-';
  for (;;) {
    const page = await redis.xrange(stream, from, '+', 'COUNT', PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    from = `(${page[page.length - 1]![0]}`;
  }
}
