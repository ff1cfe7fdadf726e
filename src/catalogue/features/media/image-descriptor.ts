/** Side of the square that images are scaled to. */
export const DESCRIBED_SIDE = 64;
const LEVELS = 4;
const COLOURS = LEVELS ** 3;
const DIRECTIONS = 8;
const CELLS = 2;
const PATTERNS = 10;
/** Numbers of an image's descriptor. */
export const IMAGE_WIDTH = COLOURS + CELLS * CELLS * DIRECTIONS + PATTERNS;

/**
 * What an image of 64 × 64 pixels (RGB, row by row) looks like, as 106 numbers in [0, 1] in three parts of length 1 each (0 where there is nothing):
 * colours, the root of a histogram of 4 × 4 × 4 colours (Hellinger: Arandjelović and Zisserman, CVPR 2012); edges, directions of the gradient in 2 × 2
 * cells, by strength (Dalal and Triggs, CVPR 2005, with one block); texture, rotation-invariant uniform patterns of 8 neighbours (Ojala et al.,
 * PAMI 2002), of the root of their histogram. Deterministic.
 */
export function describeImage(rgb: Uint8Array): number[] {
  const light = Float64Array.from(
    { length: DESCRIBED_SIDE ** 2 },
    (_, p) => 0.299 * rgb[3 * p]! + 0.587 * rgb[3 * p + 1]! + 0.114 * rgb[3 * p + 2]!,
  );
  return [...unitRoot(colours(rgb)), ...unit(edges(light)), ...unitRoot(patterns(light))];
}

function colours(rgb: Uint8Array): Float64Array {
  const counts = new Float64Array(COLOURS);
  const level = (value: number): number => (value * LEVELS) >> 8;
  for (let p = 0; p < rgb.length; p += 3) counts[(level(rgb[p]!) * LEVELS + level(rgb[p + 1]!)) * LEVELS + level(rgb[p + 2]!)]!++;
  return counts;
}

function edges(light: Float64Array): Float64Array {
  const strengths = new Float64Array(CELLS * CELLS * DIRECTIONS);
  eachInner((x, y, at) => {
    const dx = light[at + 1]! - light[at - 1]!;
    const dy = light[at + DESCRIBED_SIDE]! - light[at - DESCRIBED_SIDE]!;
    const strength = Math.hypot(dx, dy);
    if (strength < 8) return; // noise of scaling and compression
    const turn = (Math.atan2(dy, dx) / Math.PI + 1) % 1; // a line has no front: half a turn is the same direction
    const cell = Math.floor((y * CELLS) / DESCRIBED_SIDE) * CELLS + Math.floor((x * CELLS) / DESCRIBED_SIDE);
    strengths[cell * DIRECTIONS + Math.min(DIRECTIONS - 1, Math.floor(turn * DIRECTIONS))]! += strength;
  });
  return strengths;
}

const AROUND = [-DESCRIBED_SIDE - 1, -DESCRIBED_SIDE, -DESCRIBED_SIDE + 1, 1, DESCRIBED_SIDE + 1, DESCRIBED_SIDE, DESCRIBED_SIDE - 1, -1];

/** How many neighbours are as light or lighter, where they lie together (0 to 8); 9: they do not. */
function patterns(light: Float64Array): Float64Array {
  const counts = new Float64Array(PATTERNS);
  eachInner((_x, _y, at) => {
    const lighter = AROUND.map((step) => light[at + step]! >= light[at]!);
    const changes = lighter.filter((here, k) => here !== lighter[(k + 1) % lighter.length]).length;
    counts[changes <= 2 ? lighter.filter(Boolean).length : PATTERNS - 1]!++;
  });
  return counts;
}

function eachInner(visit: (x: number, y: number, at: number) => void): void {
  for (let y = 1; y < DESCRIBED_SIDE - 1; y++) for (let x = 1; x < DESCRIBED_SIDE - 1; x++) visit(x, y, y * DESCRIBED_SIDE + x);
}

function unit(values: Float64Array): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? values.map((value) => value / length) : values;
}

const unitRoot = (counts: Float64Array): Float64Array => unit(counts.map(Math.sqrt));
