import { z } from 'zod';
import type { EpochMs } from '../platform/clock';
import { identifier } from '../platform/identifier';
import { weigh, type BehaviourSettings } from './behaviour-settings';
import type { Behaviour } from './behaviour';
import type { BehaviourDraft, Rejection, RejectionCode } from './outcome';

/** Accepted as live behaviour (bound by clock and lateness), or as history from a file. */
export type TimePolicy = 'live' | 'import';

export interface CleaningRules {
  readonly settings: BehaviourSettings;
  readonly policy: TimePolicy;
  readonly now: EpochMs;
  readonly maxClockSkewMs: number;
  readonly maxLatenessMs: number;
  /** Gives an id to a behaviour that came without one. */
  readonly newId: () => string;
}

/** A behaviour ready for the log. `sentId`: the sender chose the id, so it can come again. */
export interface CleanBehaviour {
  readonly behaviour: Behaviour;
  readonly userId: string;
  readonly weight: number;
  readonly debounceMs: number;
  readonly sentId: boolean;
}

/** The steps of the pipeline in their order; the last two run inside the atomic step of the log. */
export const CLEANING_STEPS = ['schema', 'clock', 'lateness', 'weigh', 'duplicate', 'repeat'] as const;
export type CleaningStep = (typeof CLEANING_STEPS)[number];

export type CleaningResult =
  | { readonly ok: true; readonly clean: CleanBehaviour }
  | { readonly ok: false; readonly step: CleaningStep; readonly rejection: Omit<Rejection, 'index'> };

const EARLIEST_IMPORT: EpochMs = Date.UTC(1970, 0, 1);
const QUERY_LENGTH = 512;

/** zod's number takes neither NaN nor infinity. */
const finite = (rule: string): z.ZodNumber => z.number(rule);
const time = z
  .union([z.date(), z.number(), z.string()], 'must be an ISO 8601 time such as 2026-01-31T12:00:00Z')
  .transform((value, context) => {
    const at = typeof value === 'number' ? value : new Date(value).getTime();
    if (!Number.isFinite(at)) context.addIssue({ code: 'custom', message: 'must be an ISO 8601 time such as 2026-01-31T12:00:00Z' });
    return at;
  });
const absent = (value: unknown): unknown => (value === null ? undefined : value);
const optional = <T extends z.ZodType>(schema: T): z.ZodType<z.output<T> | undefined> => z.preprocess(absent, schema.optional());

const draftSchema = z.object({
  userId: identifier,
  id: optional(identifier),
  type: identifier,
  itemId: optional(identifier),
  at: optional(time),
  value: optional(finite('must be a finite number')),
  quantity: optional(
    finite('must be a number greater than 0').positive('must be a number greater than 0').max(1e6, 'must be at most 1000000'),
  ),
  price: optional(finite('must be a number of at least 0').min(0, 'must be a number of at least 0').max(1e9, 'must be at most 1000000000')),
  query: optional(
    z.string(`must be text of at most ${QUERY_LENGTH} characters`).max(QUERY_LENGTH, `must be text of at most ${QUERY_LENGTH} characters`),
  ),
  target: optional(identifier),
  surface: optional(identifier),
  recommendationId: optional(identifier),
});

const reject = (step: CleaningStep, code: RejectionCode, field: string, message: string): CleaningResult => ({
  ok: false,
  step,
  rejection: { code, field, message },
});

/** One draft through the pipeline: schema check, clock, lateness, weight. The first step that objects ends it. */
export function cleanBehaviour(draft: BehaviourDraft, rules: CleaningRules): CleaningResult {
  const parsed = draftSchema.safeParse(draft);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return reject('schema', 'INVALID_VALUE', String(issue.path[0] ?? 'behaviour'), issue.message);
  }
  const { userId, id, type, at = rules.now, ...rest } = parsed.data;
  const own = rules.settings.types[type];
  if (!own) {
    const known = Object.keys(rules.settings.types).join(', ');
    return reject('schema', 'UNKNOWN_TYPE', 'type', `is not a known behaviour type; known are ${known}`);
  }
  const missing = missingField(type, own.needsItem, rest);
  if (missing) return reject('schema', 'MISSING_FIELD', missing, `is needed for a behaviour of type ${type}`);
  if (own.value) {
    const { min, max } = own.value;
    if (rest.value === undefined)
      return reject('schema', 'MISSING_FIELD', 'value', `is needed for a behaviour of type ${type}: a number from ${min} to ${max}`);
    const openEnded = type === 'dwell';
    if (rest.value < min || (!openEnded && rest.value > max)) {
      return reject('schema', 'INVALID_VALUE', 'value', openEnded ? `must be at least ${min}` : `must be from ${min} to ${max}`);
    }
  }
  const timing = timeProblem(at, rules);
  if (timing) return timing;
  const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const behaviour: Behaviour = { id: id ?? rules.newId(), type, at: Math.min(at, rules.now), ...fields };
  const weight = weigh(rules.settings, type, behaviour.value);
  const debounceMs = rules.policy === 'import' ? 0 : own.debounceMs; // a file was not clicked by a machine in a hurry
  return { ok: true, clean: { behaviour, userId, weight, debounceMs, sentId: id !== undefined } };
}

function missingField(
  type: string,
  needsItem: boolean,
  given: { readonly [K in 'itemId' | 'query' | 'target']?: string | undefined },
): string | undefined {
  if (needsItem && given.itemId === undefined) return 'itemId';
  if (type === 'search' && !given.query) return 'query';
  if (type === 'follow' && given.target === undefined) return 'target';
  return undefined;
}

function timeProblem(at: EpochMs, { policy, now, maxClockSkewMs, maxLatenessMs }: CleaningRules): CleaningResult | undefined {
  if (at > now + maxClockSkewMs) {
    return reject(
      'clock',
      'IN_THE_FUTURE',
      'at',
      `lies in the future; at most ${maxClockSkewMs} ms ahead of the server's clock is allowed`,
    );
  }
  if (policy === 'import') {
    return at < EARLIEST_IMPORT ? reject('lateness', 'TOO_LATE', 'at', 'must not be before 1970-01-01') : undefined;
  }
  if (at < now - maxLatenessMs) {
    return reject(
      'lateness',
      'TOO_LATE',
      'at',
      `is older than the ${maxLatenessMs} ms that late behaviours may be; import history with the import command`,
    );
  }
  return undefined;
}
