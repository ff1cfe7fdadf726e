import { z } from 'zod';
import type { Snapshot } from '../../models/model';
import { decodeSnapshot, encodeSnapshot } from '../../models/snapshot-codec';
import { BeckonError } from '../../platform/errors';
import { CLICK_WEIGHTS } from '../gan/click-value';
import { GENERATOR_INPUTS, PlanGenerator } from '../gan/plan-generator';
import { GENERATOR_STAGES } from './arms';
import type { LearntCreatives } from './creative-policy';
import { PLAN_WIDTH } from './plan';

/** Rises with every change of what the snapshot holds, of the plan space, or of what contexts mean. */
export const CREATIVES_LAYOUT = 2;

const count = z.object({ shown: z.number().int().nonnegative(), clicked: z.number().int().nonnegative() });
const learntJson = z.object({ stage: z.enum(GENERATOR_STAGES), segments: z.record(z.string(), z.record(z.string(), count)) });

export function encodeCreatives({ segments, stage, generator }: LearntCreatives, version: string, trainedAt: number): Buffer {
  const plain = Object.fromEntries([...segments].map(([segment, arms]) => [segment, Object.fromEntries(arms)]));
  const net = generator?.net;
  return encodeSnapshot(
    { model: 'creatives', version, trainedAt, layout: CREATIVES_LAYOUT },
    {
      learnt: JSON.stringify({ stage, segments: plain }),
      ...(net && { hidden: net.hidden, w1: net.w1, b1: net.b1, w2: net.w2, b2: net.b2 }),
      ...(generator?.value && { value: generator.value }),
    },
  );
}

/** @throws BeckonError INTERNAL when the bytes are no snapshot of creatives that this version reads; the message says why. */
export function decodeCreatives(bytes: Buffer): LearntCreatives {
  const { snapshot } = decodeSnapshot(bytes, { model: 'creatives', layout: CREATIVES_LAYOUT });
  const parsed = learntJson.safeParse(JSON.parse(String(snapshot['learnt'])));
  if (!parsed.success) throw new BeckonError('INTERNAL', `snapshot refused: ${parsed.error.issues[0]!.message}`, { cause: parsed.error });
  const { stage, segments } = parsed.data;
  const generator = generatorOf(snapshot);
  return {
    stage: generator ? stage : 'none',
    segments: new Map(Object.entries(segments).map(([segment, arms]) => [segment, new Map(Object.entries(arms))])),
    ...(generator && { generator }),
  };
}

function generatorOf({ hidden, w1, b1, w2, b2, value }: Snapshot): PlanGenerator | undefined {
  if (hidden === undefined) return undefined;
  const shapes: [unknown, number][] = [
    [w1, GENERATOR_INPUTS * Number(hidden)],
    [b1, Number(hidden)],
    [w2, PLAN_WIDTH * Number(hidden)],
    [b2, PLAN_WIDTH],
    ...(value === undefined ? [] : [[value, CLICK_WEIGHTS] as [unknown, number]]),
  ];
  const fits = shapes.every(([part, length]) => part instanceof Float64Array && part.length === length && part.every(Number.isFinite));
  if (!fits) throw new BeckonError('INTERNAL', 'snapshot refused: the weights of the generator have another shape, or are not finite');
  const net = {
    inputs: GENERATOR_INPUTS,
    hidden: Number(hidden),
    outputs: PLAN_WIDTH,
    w1: w1 as Float64Array,
    b1: b1 as Float64Array,
    w2: w2 as Float64Array,
    b2: b2 as Float64Array,
  };
  return new PlanGenerator(net, value as Float64Array | undefined);
}
