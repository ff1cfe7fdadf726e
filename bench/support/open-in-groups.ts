/** How many sockets may be being opened at a time. */
const AT_ONCE = 50;

/** Opens one thing after the other, a group at a time: the next group when all of the one before are open. */
export async function openInGroups<T>(things: readonly T[], open: (thing: T, k: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < things.length; from += AT_ONCE) {
    await Promise.all(things.slice(from, from + AT_ONCE).map((thing, k) => open(thing, from + k)));
  }
}
