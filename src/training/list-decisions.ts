import { z } from 'zod';
import type { DecidedPlace, ListDecision } from '../models/policy/decision';
import type { KeptDecision } from '../ranking/policy/order-by-policy';

/** A list that explored, as it is kept: whose it was is only found by the behaviours that name it. */
export interface StoredDecision extends ListDecision {
  /** `recommendationId`. */
  readonly id: string;
  readonly surface: string;
  /** [places] the item there. */
  readonly itemIds: readonly string[];
}

/** Lists that explored, the newest of them. */
export interface ListDecisions {
  /** Keeps one, and lets go of the oldest beyond the most that are kept. */
  append(tenant: string, decision: StoredDecision): Promise<void>;
  /** Oldest first. */
  read(tenant: string): AsyncIterable<StoredDecision>;
}

const bytes = z.string().transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')));
const decisionJson = z.object({
  id: z.string(),
  surface: z.string(),
  itemIds: z.array(z.string()),
  features: bytes,
  kinds: bytes,
  state: bytes,
  places: z.array(z.tuple([z.int().min(-1), z.number().nullable()])),
  rule: z.object({ places: z.number(), pool: z.int(), temperature: z.number() }),
});

export const storedDecision = (id: string, surface: string, { itemIds, places, ...decision }: KeptDecision): StoredDecision => ({
  id,
  surface,
  itemIds: places.map(({ candidate }) => itemIds[candidate] ?? ''),
  places,
  ...decision,
});

const base64 = (array: Uint8Array): string => Buffer.from(array).toString('base64');

export const encodeDecision = ({ features, kinds, state, places, ...rest }: StoredDecision): string =>
  JSON.stringify({
    ...rest,
    features: base64(features),
    kinds: base64(kinds),
    state: base64(state),
    places: places.map(({ candidate, propensity }) => [candidate, propensity]),
  });

/** @throws ZodError, SyntaxError for what is none. */
export function decodeDecision(json: string): StoredDecision {
  const { places, ...rest } = decisionJson.parse(JSON.parse(json));
  return { ...rest, places: places.map(([candidate, propensity]): DecidedPlace => ({ candidate, propensity })) };
}
