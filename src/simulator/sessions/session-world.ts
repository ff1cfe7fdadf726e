import type { EpochMs } from '../../platform/clock';
import { seededRandom } from '../../platform/random';
import type { DemoCatalogue } from '../catalogue';
import type { Reader, ReaderOptions } from './reader';
import { simulateReaderSession, type ReaderSession, type Recommender } from './reader-session';

export interface WorldOptions {
  readonly seed: number;
  readonly startAt: EpochMs;
  readonly days: number;
  readonly reader: ReaderOptions;
}

/** A session, and when the reader came again; undefined: they did not within the time that was simulated. */
export interface LivedSession extends ReaderSession {
  readonly nextAt: EpochMs | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Lets readers come, read and come again until the time is over, session by session in the order of their beginnings; those who liked a session come sooner
 * and more surely. The same seed draws the same fates whatever the recommender: two runs differ by the lists alone.
 */
export function simulateSessions(
  catalogue: DemoCatalogue,
  readers: readonly Reader[],
  recommender: Recommender,
  { seed, startAt, days, reader: options }: WorldOptions,
): LivedSession[] {
  const items = new Map(catalogue.items.map((item) => [item.item.id, item]));
  const endAt = startAt + days * DAY_MS;
  const fates = readers.map((_, k) => seededRandom(seed + 15_485_863 * (k + 1)));
  const waiting = readers.map((reader, k) => ({ reader, k, at: startAt + Math.floor(fates[k]!() * 2 * DAY_MS) }));
  const sessions: LivedSession[] = [];
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.at - b.at || a.k - b.k);
    const { reader, k, at } = waiting.shift()!;
    if (at >= endAt) break;
    const fate = fates[k]!;
    const [chance, spread] = [fate(), fate()];
    const random = seededRandom(Math.floor(fate() * 2 ** 32));
    const session = simulateReaderSession(reader, recommender, { startAt: at, random, items, options });
    const nextAt = comesAgain(session, chance, spread);
    sessions.push({ ...session, nextAt: nextAt !== undefined && nextAt < endAt ? nextAt : undefined });
    if (nextAt !== undefined) waiting.push({ reader, k, at: nextAt });
  }
  return sessions;
}

/** Each click makes coming again surer and sooner; leaving a list unanswered the opposite. */
function comesAgain({ lists, quit, endAt }: ReaderSession, chance: number, spread: number): EpochMs | undefined {
  const clicks = lists.reduce((sum, { behaviours }) => sum + behaviours.filter(({ type }) => type === 'click').length, 0);
  const pleased = 1 - Math.exp(-clicks / 4);
  if (chance >= 0.6 + 0.37 * pleased - (quit ? 0.1 : 0)) return undefined;
  const meanDays = 4 - 3 * pleased;
  return Math.floor(endAt + 3_600_000 - Math.log(1 - spread) * meanDays * DAY_MS);
}
