import { Redis } from 'ioredis';
import { WebSocketServer, type WebSocket } from 'ws';
import { Keys } from '../../src/platform/keys';

/*
 * The least that any push gateway must do: a raw `ws` server that hands on each announcement, byte for byte, to the socket of the user
 * whom its first line names. No GraphQL, no order, no resuming, no identity.
 */

async function serve(): Promise<void> {
  const { REDIS_URL, PORT, SHARDS, TENANT } = process.env;
  const sockets = new Map<string, WebSocket>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: Number(PORT), perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const userId = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('user') ?? '';
    sockets.set(userId, socket);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => sockets.delete(userId));
  });
  const subscriber = new Redis(REDIS_URL!);
  const keys = new Keys(Number(SHARDS));
  subscriber.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
    sockets.get(message.toString('utf8', 0, message.indexOf(10)))?.send(message, { binary: false });
  });
  await subscriber.subscribe(...Array.from({ length: keys.shards }, (_, shard) => keys.feed(TENANT!, shard)));
  process.send!('ready');
}

void serve();
