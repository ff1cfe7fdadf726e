/** Uniform numbers in [0, 1), reproducible from the seed. */
export type Random = () => number;

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs a hundred times the multiplication.
const { imul } = Math;

/** A seeded generator (mulberry32, T. Ettinger 2017): the same seed gives the same sequence on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed out of a text, spread over 32 bits (FNV-1a): equal texts give equal seeds. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash >>> 0;
}

/** A standard normal draw (Box–Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
