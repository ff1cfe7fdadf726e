import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import express from 'express';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { readTypeDefs } from '../../src/gateway/build-schema';
import { enumValues } from '../../src/gateway/resolvers/enums';
import { Keys } from '../../src/platform/keys';
import { announcedList, type AnnouncedList } from './announced-list';

/*
 * What a Node team builds with the stock parts, as their documentation says: Apollo Server 5, graphql-ws on `ws`, and a subscription whose
 * source is an async iterator over Redis pub/sub. The same SDL, the same lists, the same document. No order, no resuming, no leases.
 */

/** Announcements for one user, each waiting until it is read: the usual push-pull queue of subscription libraries. */
class UserLists implements AsyncIterableIterator<{ recommendations: AnnouncedList }> {
  private readonly queue: AnnouncedList[] = [];
  private reader: ((result: IteratorResult<{ recommendations: AnnouncedList }>) => void) | undefined;

  constructor(private readonly onEnd: () => void) {}

  push(list: AnnouncedList): void {
    const { reader } = this;
    this.reader = undefined;
    if (reader) reader({ done: false, value: { recommendations: list } });
    else this.queue.push(list);
  }

  next(): Promise<IteratorResult<{ recommendations: AnnouncedList }>> {
    const list = this.queue.shift();
    if (list) return Promise.resolve({ done: false, value: { recommendations: list } });
    return new Promise((resolve) => (this.reader = resolve));
  }

  return(): Promise<IteratorResult<{ recommendations: AnnouncedList }>> {
    this.onEnd();
    this.reader?.({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const { REDIS_URL, PORT, SHARDS, TENANT } = process.env;
const keys = new Keys(Number(SHARDS));
const redis = new Redis(REDIS_URL!);
const watchers = new Map<string, Set<UserLists>>();

async function subscribe(_source: unknown, { userId }: { readonly userId: string }): Promise<UserLists> {
  const own = watchers.get(userId) ?? new Set<UserLists>();
  watchers.set(userId, own);
  const lists = new UserLists(() => {
    own.delete(lists);
    if (own.size === 0) watchers.delete(userId);
  });
  own.add(lists);
  const [epoch, revision, body] = await redis.hmget(keys.list({ tenant: TENANT!, userId }, 'home'), 'epoch', 'revision', 'body');
  if (body) lists.push(announcedList([userId, 'home', epoch, revision, body].join('\n'))); // the current list comes first
  return lists;
}

const resolvers = {
  ...enumValues,
  Subscription: { recommendations: { subscribe } },
  RecommendationUpdate: { list: (list: AnnouncedList) => list, position: (list: AnnouncedList) => list },
  RecommendationList: { recommendationId: ({ id }: AnnouncedList) => id },
  Recommendation: { item: ({ itemId }: { readonly itemId: string }) => ({ id: itemId, title: itemId }) },
  Topic: { name: (topic: string) => topic.slice(2) },
};

async function serve(): Promise<void> {
  const schema = makeExecutableSchema({ typeDefs: readTypeDefs(), resolvers });
  const app = express();
  const http = createServer(app);
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer({ schema }, sockets);
  const apollo = new ApolloServer({ schema, plugins: [ApolloServerPluginDrainHttpServer({ httpServer: http })] });
  await apollo.start();
  app.use('/graphql', express.json(), expressMiddleware(apollo));
  await new Promise<void>((resolve) => http.listen(Number(PORT), '127.0.0.1', resolve));
  const subscriber = new Redis(REDIS_URL!);
  subscriber.on('message', (_channel: string, message: string) => {
    const list = announcedList(message);
    for (const lists of watchers.get(list.userId) ?? []) lists.push(list);
  });
  await subscriber.subscribe(...Array.from({ length: keys.shards }, (_, shard) => keys.feed(TENANT!, shard)));
  process.send!('ready');
}

void serve();
