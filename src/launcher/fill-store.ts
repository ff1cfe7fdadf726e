import type { Clock } from '../platform/clock';
import { badInput } from '../platform/errors';
import type { Example, Filling, FillMarker } from './fill-marker';

/** Something that a new store can be filled with. */
export interface FillSource {
  /** The same content has the same name: `demo:1`, `dataset:ml-100k`. */
  readonly name: string;
  /** For people: "the demo shop". */
  readonly title: string;
  example(): Promise<Example>;
  /** Resumes what an earlier call with the same `startedAt` has begun; what is there already is not put twice. */
  fill(startedAt: number): Promise<void>;
}

export interface FillDeps {
  readonly marker: FillMarker;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Fills the store of a tenant once: on the first start, or on the next ones until it is done. A store that somebody has
 * filled in another way is left as it is.
 * @returns what it is filled with; undefined for a store with items of somebody else's.
 * @throws BeckonError BAD_INPUT when it is filled with something else already.
 */
export async function fillStore({ marker, clock, say }: FillDeps, tenant: string, source: FillSource): Promise<Filling | undefined> {
  const found = await marker.read(tenant);
  if (found && found.source !== source.name) {
    throw badInput(
      'dataset',
      `this store was filled with ${found.source}, not with ${source.name}: start it as before, or choose another folder with --data`,
    );
  }
  if (found?.doneAt !== undefined) return found;
  if (!found && (await marker.hasItems(tenant))) return undefined;
  say(found ? `Going on to fill the store with ${source.title}` : `Filling the store with ${source.title}`);
  const begun: Filling = found ?? { source: source.name, startedAt: clock.now(), example: await source.example() };
  if (!found) await marker.write(tenant, begun);
  await source.fill(begun.startedAt);
  const done: Filling = { ...begun, doneAt: clock.now() };
  await marker.write(tenant, done);
  return done;
}
