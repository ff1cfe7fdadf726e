import { GraphQLError, Kind, type ValueNode } from 'graphql';

const FORM = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const RULE = 'DateTime must be ISO 8601 text with a time zone, e.g. "2026-11-24T10:15:30.250Z"';

/**
 * ISO 8601 text outside, epoch milliseconds inside. Text that is no time becomes NaN: every place that takes a time rejects that by
 * index with the field's name, so that one bad time does not cost its whole batch. Anything but text is refused here.
 * Not a GraphQLScalarType, which would replace the description in the SDL.
 */
export const dateTimeScalar = {
  /** What is past the calendar is said as its end, and what is no time as its beginning: an odd time must not cost the whole answer. */
  serialize: (value: unknown): string => {
    const at = Number(value);
    return new Date(Number.isNaN(at) ? EARLIEST_MS : Math.min(LATEST_MS, Math.max(EARLIEST_MS, at))).toISOString();
  },
  parseValue: (value: unknown): number => {
    if (typeof value !== 'string') throw new GraphQLError(RULE);
    return parseDateTime(value);
  },
  parseLiteral: (node: ValueNode): number => {
    if (node.kind !== Kind.STRING) throw new GraphQLError(RULE, { nodes: [node] });
    return parseDateTime(node.value);
  },
};

/** Epoch milliseconds of a moment; NaN for what is none (no zone, 30 February …). */
export function parseDateTime(text: string): number {
  const [, year, month, day] = FORM.exec(text) ?? [];
  if (year === undefined) return NaN;
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) > daysInMonth ? NaN : Date.parse(text);
}
