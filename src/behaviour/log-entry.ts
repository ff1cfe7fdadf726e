import { z } from 'zod';
import type { Behaviour, LoggedBehaviour } from './behaviour';

/** The behaviour part of an entry, as JSON; short names, because there are many. Both ends use this codec. */
const body = z.object({
  i: z.string(),
  t: z.string(),
  a: z.number(),
  r: z.number(),
  m: z.string().optional(),
  v: z.number().optional(),
  q: z.number().optional(),
  p: z.number().optional(),
  s: z.string().optional(),
  f: z.string().optional(),
  u: z.string().optional(),
  l: z.string().optional(),
  g: z.string().optional(),
});

export function encodeLogBody(behaviour: Behaviour, receivedAt: number, mergedFrom?: string): string {
  const { id, type, at, itemId, value, quantity, price, query, target, surface, recommendationId } = behaviour;
  const packed: z.infer<typeof body> = {
    i: id,
    t: type,
    a: at,
    r: receivedAt,
    m: itemId,
    v: value,
    q: quantity,
    p: price,
    s: query,
    f: target,
    u: surface,
    l: recommendationId,
    g: mergedFrom,
  };
  return JSON.stringify(packed);
}

/**
 * An entry of the log as it was recorded.
 * @throws Error when the fields are not those of an entry: the store holds what we did not write.
 */
export function decodeLogEntry(tenant: string, fields: readonly string[]): LoggedBehaviour {
  const held = new Map<string, string>();
  for (let k = 0; k + 1 < fields.length; k += 2) held.set(fields[k]!, fields[k + 1]!);
  const seq = Number(held.get('s'));
  const weight = Number(held.get('w'));
  const userId = held.get('u');
  if (userId === undefined || !Number.isInteger(seq) || !Number.isFinite(weight))
    throw new Error(`not a log entry: ${fields.slice(0, 6).join(' ')}`);
  const previous = held.get('p');
  const said = held.get('c');
  return {
    ...{ tenant, userId, seq, weight, previous: previous ? previous.split('\n') : [], ...decodeLogBody(held.get('b') ?? 'null') },
    ...(said !== undefined && { training: said === 'g' }),
  };
}

const references = body.pick({ i: true, g: true, f: true });

/** Whose an entry is and whom it names, without decoding the rest. */
export function logReferences(fields: readonly string[]): {
  readonly userId: string;
  readonly id: string;
  readonly mergedFrom: string | undefined;
  readonly target: string | undefined;
} {
  const value = (name: string): string | undefined => {
    for (let k = 0; k + 1 < fields.length; k += 2) if (fields[k] === name) return fields[k + 1];
    return undefined;
  };
  const { i, g, f } = references.parse(JSON.parse(value('b') ?? 'null'));
  return { userId: value('u') ?? '', id: i, mergedFrom: g, target: f };
}

function decodeLogBody(json: string): Behaviour & Pick<LoggedBehaviour, 'receivedAt' | 'mergedFrom'> {
  const { i, t, a, r, m, v, q, p, s, f, u, l, g } = body.parse(JSON.parse(json));
  return {
    id: i,
    type: t,
    at: a,
    receivedAt: r,
    ...(m !== undefined && { itemId: m }),
    ...(v !== undefined && { value: v }),
    ...(q !== undefined && { quantity: q }),
    ...(p !== undefined && { price: p }),
    ...(s !== undefined && { query: s }),
    ...(f !== undefined && { target: f }),
    ...(u !== undefined && { surface: u }),
    ...(l !== undefined && { recommendationId: l }),
    ...(g !== undefined && { mergedFrom: g }),
  };
}
