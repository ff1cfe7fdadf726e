import WebSocket from 'ws';
import type { WatchedUpdate } from './socket-watchers';

type FloorUpdate = Pick<WatchedUpdate, 'appliedThrough' | 'epoch' | 'revision' | 'chars'>;

const OPENING = 50;

/** One plain socket for each user, on the floor server. Resolves when all are open; returns how to close them. */
export async function openFloorWatchers(
  url: string,
  userIds: readonly string[],
  onUpdate: (watcher: number, at: number, update: FloorUpdate) => void,
): Promise<() => Promise<void>> {
  const sockets: WebSocket[] = [];
  const open = (userId: string, watcher: number): Promise<void> => {
    const socket = new WebSocket(`${url}/?user=${userId}`, { perMessageDeflate: false });
    sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const at = performance.now();
      onUpdate(watcher, at, readAnnouncement(data.toString('latin1', 0, 600), data.length));
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
  };
  for (let from = 0; from < userIds.length; from += OPENING) {
    await Promise.all(userIds.slice(from, from + OPENING).map((userId, k) => open(userId, from + k)));
  }
  return async () => {
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.close(1000);
    await Promise.all(gone);
  };
}

function readAnnouncement(text: string, chars: number): FloorUpdate {
  const [, , epoch, revision] = text.split('\n', 4);
  return { appliedThrough: Number(/"appliedThrough":(\d+)/.exec(text)?.[1]), epoch: epoch!, revision: Number(revision), chars };
}
