import type { Redis } from 'ioredis';
import { EvenRounds } from './even-rounds';

/** How often an idle connection is asked whether anybody is there: all of a process at once, as each time that it wakes costs more than to ask. */
const ASK_EVERY_MS = 2_000;
const ROUNDS = new EvenRounds<() => void>(ASK_EVERY_MS, (asks) => asks.forEach((ask) => ask()), { mostParts: 1 });

/**
 * Cuts a connection on which nothing has been answered for `silentMs`, so that it is opened anew: when the other side is gone and no packet
 * says so (a host that lost its power, a firewall that forgot the connection), a subscriber would otherwise wait for ever, and commands
 * would time out one after the other until the kernel gives up, which takes it a quarter of an hour. Also covers a connection that is
 * accepted and then says nothing.
 *
 * @param silentMs more than the longest command that blocks on the connection: questions wait behind it.
 */
export function cutWhenSilent(redis: Redis, silentMs: number): void {
  // Counted by the rounds and not by the clock: a process that was stopped for a while has heard nothing, and that says nothing.
  // The first round may come at once, and yet counts whole.
  let silentForMs = 0;
  let asked = false;
  const ask = (): void => {
    silentForMs += ASK_EVERY_MS;
    const waiting = asked || redis.status !== 'ready';
    if (waiting && silentForMs >= silentMs + ASK_EVERY_MS) {
      stop();
      redis.disconnect(true); // and connects again
      return;
    }
    if (waiting) return;
    asked = true;
    redis.ping().then(heard, () => (asked = false)); // a refusal says nothing of the line: a dead one goes on being silent
  };
  const heard = (): void => {
    asked = false;
    silentForMs = 0;
  };
  const stop = (): void => ROUNDS.delete(ask);
  redis.on('connect', () => {
    heard();
    ROUNDS.add(ask);
  });
  redis.on('ready', heard);
  redis.on('close', stop);
  redis.on('end', stop);
}
