import type { Random } from '../platform/random';
import { CLOSE } from './socket/close-codes';

export interface DrainSettings {
  /** How long readiness is off before anything else happens, so that load balancers let go. */
  readonly noticeMs: number;
  /** How long the closing of sockets is spread over; 0: all at once. */
  readonly spreadMs: number;
}

/** A WebSocket, or a stream of server-sent events. */
export interface DrainedConnection {
  /** `reason` says the wait too. */
  close(code: number, reason: string, waitMs: number): void;
  terminate(): void;
  once(event: 'close', gone: () => void): unknown;
}

interface Stagger {
  readonly spreadMs: number;
  /** A socket that has not gone by so long after its goodbye is cut. */
  readonly graceMs: number;
  readonly random: Random;
}

const TICK_MS = 50;
/** Clients are asked to wait up to this before they connect elsewhere: those of one tick come one by one. */
const LONGEST_WAIT_MS = 1000;

/**
 * Closes connections with 1001, as evenly spread over the time as ticks of 50 ms allow, each with a hint of its own when to come back.
 * Resolves when all have gone. One timer for the closing and one for each tick's stragglers.
 */
export async function closeStaggered(connections: Iterable<DrainedConnection>, { spreadMs, graceMs, random }: Stagger): Promise<void> {
  const waiting = [...connections];
  const gone = waiting.map((connection) => new Promise<void>((resolve) => connection.once('close', () => resolve())));
  const cuts = new Set<NodeJS.Timeout>();
  const total = waiting.length;
  let closed = 0;
  const closeUpTo = (count: number): void => {
    const group = waiting.slice(closed, count);
    closed = Math.max(closed, count);
    for (const connection of group) {
      const waitMs = spreadMs === 0 ? 0 : Math.floor(random() * LONGEST_WAIT_MS);
      connection.close(CLOSE.goingAway.code, goodbye(waitMs), waitMs);
    }
    if (group.length > 0) cuts.add(setTimeout(() => group.forEach((connection) => connection.terminate()), graceMs));
  };
  const ticks = Math.max(1, Math.ceil(spreadMs / TICK_MS));
  let tick = 1;
  closeUpTo(Math.ceil(total / ticks));
  const timer = setInterval(() => {
    tick++;
    closeUpTo(Math.ceil((total * tick) / ticks));
    if (closed >= total) clearInterval(timer);
  }, TICK_MS);
  await Promise.all(gone);
  clearInterval(timer);
  for (const cut of cuts) clearTimeout(cut);
}

/** The reason of a close that is no fault of the client's: what to do, and after how long. */
export function goodbye(waitMs: number): string {
  return waitMs === 0 ? CLOSE.goingAway.reason : `Going away: reconnect in ${waitMs} ms and resume with your last position`;
}
