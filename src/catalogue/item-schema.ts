import { z } from 'zod';
import { identifier } from '../platform/identifier';

const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const text = (length: number): z.ZodString => z.string().max(length, `must be text of at most ${length} characters`);
const finite = z.number('must be a finite number');
const TIME_RULE = 'must be an ISO 8601 time, of the years 1 to 9999';
/** Epoch milliseconds. Text without a zone is refused rather than guessed at; a date alone is its beginning in UTC. */
const time = z
  .union([z.date(), z.number(), z.iso.datetime({ offset: true }), z.iso.date()], TIME_RULE)
  .transform((value) => (typeof value === 'number' ? value : new Date(value).getTime()))
  .refine((at) => at >= EARLIEST_MS && at <= LATEST_MS, TIME_RULE);
const absent = (value: unknown): unknown => (value === null ? undefined : value);
const optional = <T extends z.ZodType>(schema: T): z.ZodType<z.output<T> | undefined> => z.preprocess(absent, schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, value: z.output<T>): z.ZodType<z.output<T>> =>
  z.preprocess((given) => given ?? value, schema);
const webUrl = text(2048).regex(/^https?:\/\//, 'must be an http or https URL');

const mediaSource = text(2048).regex(/^(upload:.|https:\/\/)/, 'must be upload:PATH or an https URL');

const topics = z.array(text(128).min(1, 'must not be empty')).max(32, 'must have at most 32 entries');
const vectors = z.record(identifier, z.array(finite).min(1).max(4096));

/** An item from outside; what is absent takes its default. */
export const newItem = z.object({
  id: identifier,
  title: text(512).min(1, 'must not be empty'),
  categories: withDefault(topics, []),
  tags: withDefault(topics, []),
  text: optional(text(20_000)),
  price: optional(finite.min(0, 'must be at least 0')),
  currency: optional(z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')),
  stock: optional(finite.min(0, 'must be at least 0')),
  sellerId: optional(identifier),
  threadId: optional(identifier),
  parts: optional(z.array(identifier).max(32, 'must have at most 32 entries')),
  imageUrl: optional(webUrl),
  url: optional(webUrl),
  imageSource: optional(mediaSource),
  audioSource: optional(mediaSource),
  publishedAt: optional(time),
  expiresAt: optional(time),
  hidden: withDefault(z.boolean(), false),
  promoted: withDefault(z.boolean(), false),
  vectors: optional(vectors),
});
export type ParsedItem = z.infer<typeof newItem>;
