import { z } from 'zod';
import { decodeSnapshot, encodeSnapshot } from '../models/snapshot-codec';
import { BeckonError } from '../platform/errors';
import { learntBlend, type LearntBlend } from '../ranking/learnt-blend/learnt-blend';

/** Rises with every change of what the snapshot of the hybrid holds. */
export const HYBRID_LAYOUT = 1;

/** The blends of one version of the hybrid. */
export interface HybridBlends {
  /** Learnt from a time split of history: for every surface without one of its own. */
  readonly all: LearntBlend;
  /** Learnt from what was shown on the surface. */
  readonly bySurface: ReadonlyMap<string, LearntBlend>;
}

export const blendOf = ({ all, bySurface }: HybridBlends, surface: string): LearntBlend => bySurface.get(surface) ?? all;

const blendsJson = z.object({ all: learntBlend, bySurface: z.record(z.string(), learntBlend) });

export function encodeHybrid({ all, bySurface }: HybridBlends, version: string, trainedAt: number): Buffer {
  const blends = JSON.stringify({ all, bySurface: Object.fromEntries(bySurface) });
  return encodeSnapshot({ model: 'hybrid', version, trainedAt, layout: HYBRID_LAYOUT }, { blends });
}

/** @throws BeckonError INTERNAL when the bytes are no snapshot of the hybrid that this version reads; the message says why. */
export function decodeHybrid(bytes: Buffer): HybridBlends {
  const { snapshot } = decodeSnapshot(bytes, { model: 'hybrid', layout: HYBRID_LAYOUT });
  const parsed = blendsJson.safeParse(JSON.parse(String(snapshot['blends'])));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BeckonError('INTERNAL', `snapshot refused: blends.${issue!.path.join('.')}: ${issue!.message}`, { cause: parsed.error });
  }
  return { all: parsed.data.all, bySurface: new Map(Object.entries(parsed.data.bySurface)) };
}
