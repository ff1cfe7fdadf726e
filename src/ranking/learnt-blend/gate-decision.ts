import { z } from 'zod';
import { learntBlend, SOURCES } from './learnt-blend';

/** What the operator says of a model: let the gate decide, blend it whatever it adds, or leave it out. */
export const GATE_OVERRIDES = ['auto', 'always', 'never'] as const;
export type GateOverride = (typeof GATE_OVERRIDES)[number];

const gateFigures = z.strictObject({
  /** NDCG@10 of the blend with it less that without it; of the only model of a blend: its own NDCG@10. */
  gain: z.number(),
  /** Ends of the bootstrap interval of the gain, over users. */
  low: z.number(),
  high: z.number(),
  /** What the gain has to be at least. */
  margin: z.number(),
  ndcgWith: z.number(),
  ndcgWithout: z.number(),
  /** On how many validation cases. */
  cases: z.int().min(0),
});
export type GateFigures = z.output<typeof gateFigures>;

/** Why a model is in the blend or is not: what it adds to the others, or would add. */
export const gateDecision = gateFigures.extend({
  model: z.enum(SOURCES),
  override: z.enum(GATE_OVERRIDES),
  joined: z.boolean(),
});
export type GateDecision = z.output<typeof gateDecision>;

/** What else may be learnt: `context`, what is known of items; `history`, weights of their own for users with little history. */
export const refinement = gateFigures.extend({ refinement: z.enum(['context', 'history']), joined: z.boolean() });
export type Refinement = z.output<typeof refinement>;

/** A learnt blend with the reasons for it: plain data. */
export const learntHybrid = z.strictObject({
  blend: learntBlend,
  /** On every model: those in the blend, then the others, each the larger gain first. */
  decisions: z.array(gateDecision),
  refinements: z.array(refinement),
  /** NDCG@10 on the validation cases, of weights learnt from other users. */
  ndcg: z.number(),
  /** The best model alone on the same cases. */
  single: z.strictObject({ model: z.enum(SOURCES), ndcg: z.number() }),
});
export type LearntHybrid = z.output<typeof learntHybrid>;
