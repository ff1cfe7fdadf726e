import { openInGroups } from './open-in-groups';
import { PlainWebSocket } from './plain-web-socket';
import type { WatchedUpdate } from './socket-watchers';

type FloorUpdate = Pick<WatchedUpdate, 'appliedThrough' | 'epoch' | 'revision' | 'chars'>;

export interface OpenWatchers {
  /** The first so many stop reading. */
  stall(count: number): void;
  /** They read on. Returns how many of them were closed, by code. */
  resume(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** One plain socket for each user, on the floor server. Resolves when all are open; returns how to stall and close them. */
export async function openFloorWatchers(
  url: string,
  userIds: readonly string[],
  onUpdate: (watcher: number, at: number, update: FloorUpdate) => void,
): Promise<OpenWatchers> {
  const sockets: PlainWebSocket[] = [];
  const open = (userId: string, watcher: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new PlainWebSocket({
        ...{ url, path: `/?user=${userId}`, onOpen: resolve },
        onText: (utf8) => {
          const at = performance.now();
          onUpdate(watcher, at, readAnnouncement(utf8.toString('latin1', 0, 600), utf8.length));
        },
        onBroken: (why) => reject(new Error(`watcher ${userId} was closed: ${why}`)),
      });
      sockets.push(socket);
    });
  await openInGroups(userIds, open);
  return {
    stall: (count) => sockets.slice(0, count).forEach((socket) => socket.pause()),
    resume: async () => {
      for (const socket of sockets) socket.resume();
      return {};
    },
    close: async () => {
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

function readAnnouncement(text: string, chars: number): FloorUpdate {
  const [, , epoch, revision] = text.split('\n', 4);
  return { appliedThrough: Number(/"appliedThrough":(\d+)/.exec(text)?.[1]), epoch: epoch!, revision: Number(revision), chars };
}
