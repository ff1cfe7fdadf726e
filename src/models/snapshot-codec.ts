import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BeckonError } from '../platform/errors';
import { MODEL_NAMES } from '../push/recommendation-list';
import type { Snapshot, SnapshotValue } from './model';

/** Rises with every change of the layout below; a reader takes only its own. */
export const SNAPSHOT_FORMAT = 1;

const MAGIC = 'BKN1';
/** Arrays start at multiples of this, so that a reader may view them in place. */
const ALIGNMENT = 8;

const ARRAY_TYPES = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint16Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAY_TYPES;
type NumberArray = InstanceType<(typeof ARRAY_TYPES)[ArrayName]>;

const snapshotMeta = z.object({
  model: z.enum(MODEL_NAMES),
  version: z.string().min(1),
  trainedAt: z.number().finite(),
  /** What the model's fields hold and mean, by the model's own count: see `Model.layout`. Absent: 1. */
  layout: z.number().int().optional(),
});
/** Which model made a snapshot, and which one of its it is. */
export type SnapshotMeta = z.infer<typeof snapshotMeta>;

const field = z.discriminatedUnion('type', [
  z.object({ name: z.string(), type: z.literal('number'), value: z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]) }),
  z.object({ name: z.string(), type: z.literal('string'), value: z.string() }),
  z.object({ name: z.string(), type: z.literal('strings'), length: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() }),
  z.object({
    name: z.string(),
    type: z.enum(Object.keys(ARRAY_TYPES) as [ArrayName, ...ArrayName[]]),
    length: z.number().int().nonnegative(),
  }),
]);
const snapshotHeader = z.object({ format: z.number(), meta: snapshotMeta, fields: z.array(field) });
type Field = z.infer<typeof field>;

const refuse = (message: string, cause?: unknown): BeckonError => new BeckonError('INTERNAL', `snapshot refused: ${message}`, { cause });
const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Layout: `BKN1`, header length (u32), SHA-256 of all that follows (32 bytes), header (JSON, padded with spaces to
 * 8 bytes), then the arrays of the fields in their order, little-endian, each padded with zeros to 8 bytes. Text lists
 * are JSON. The host must be little-endian, as every platform of Node 20 that is built for servers is but s390x.
 * @throws TypeError for a value that is not plain data.
 */
export function encodeSnapshot(meta: SnapshotMeta, snapshot: Snapshot): Buffer {
  const fields: Field[] = [];
  const blocks: Buffer[] = [];
  for (const [name, value] of Object.entries(snapshot)) {
    const { entry, block } = encodeField(name, value);
    fields.push(entry);
    if (block !== undefined) blocks.push(block, Buffer.alloc(padded(block.length) - block.length));
  }
  const json = Buffer.from(JSON.stringify({ format: SNAPSHOT_FORMAT, meta, fields }));
  const header = Buffer.concat([json, Buffer.alloc(padded(json.length) - json.length, ' ')]);
  const preamble = Buffer.alloc(40);
  preamble.write(MAGIC, 0, 'latin1');
  preamble.writeUInt32LE(header.length, 4);
  const digest = createHash('sha256').update(header);
  for (const block of blocks) digest.update(block);
  digest.digest().copy(preamble, 8);
  return Buffer.concat([preamble, header, ...blocks]);
}

function encodeField(name: string, value: SnapshotValue): { entry: Field; block?: Buffer } {
  if (typeof value === 'number') {
    const text = String(value);
    return { entry: { name, type: 'number', value: text === 'Infinity' || text === '-Infinity' || text === 'NaN' ? text : value } };
  }
  if (typeof value === 'string') return { entry: { name, type: 'string', value } };
  if (isNumberArray(value)) {
    const type = value.constructor.name as ArrayName;
    return { entry: { name, type, length: value.length }, block: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
  }
  if (!Array.isArray(value)) throw new TypeError(`snapshot field ${name} is not plain data`);
  const block = Buffer.from(JSON.stringify(value));
  return { entry: { name, type: 'strings', length: value.length, bytes: block.length }, block };
}

function isNumberArray(value: SnapshotValue): value is NumberArray {
  return ArrayBuffer.isView(value) && value.constructor.name in ARRAY_TYPES;
}

export interface ExpectedSnapshot {
  readonly model: string;
  /** @default 1 */
  readonly layout?: number;
}

/**
 * The snapshot that was encoded. `expected`: refuse one of another model or of another layout.
 * @throws BeckonError INTERNAL when the bytes are not a snapshot of this format, were cut or altered, or are not what is expected; the
 * message says which.
 */
export function decodeSnapshot(bytes: Buffer, expected?: ExpectedSnapshot): { meta: SnapshotMeta; snapshot: Snapshot } {
  if (bytes.length < 40 || bytes.toString('latin1', 0, 4) !== MAGIC) throw refuse('the bytes do not begin like a snapshot');
  const headerEnd = 40 + bytes.readUInt32LE(4);
  if (headerEnd > bytes.length) throw refuse(`length ${bytes.length}, but the header alone ends at ${headerEnd}`);
  const { meta, fields } = parseHeader(bytes.toString('utf8', 40, headerEnd));
  if (expected !== undefined) refuseOther(meta, expected);
  const length = fields.reduce((sum, entry) => sum + padded(sizeOf(entry)), headerEnd);
  if (length !== bytes.length) throw refuse(`length ${bytes.length}, but its fields make ${length}`);
  if (!createHash('sha256').update(bytes.subarray(40)).digest().equals(bytes.subarray(8, 40))) throw refuse('its checksum does not hold');
  const snapshot: Record<string, SnapshotValue> = {};
  let at = headerEnd;
  for (const entry of fields) {
    const size = sizeOf(entry);
    snapshot[entry.name] = decodeField(entry, bytes.subarray(at, at + size));
    at += padded(size);
  }
  return { meta, snapshot };
}

function refuseOther({ model, layout = 1 }: SnapshotMeta, expected: ExpectedSnapshot): void {
  if (model !== expected.model) throw refuse(`it is of model ${model}, not ${expected.model}`);
  const readable = expected.layout ?? 1;
  if (layout !== readable) throw refuse(`layout ${layout} of model ${model}, this version reads layout ${readable}`);
}

function parseHeader(text: string): z.infer<typeof snapshotHeader> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse('its header is not JSON', cause);
  }
  const format = z.object({ format: z.number() }).safeParse(json).data?.format;
  if (format !== SNAPSHOT_FORMAT) throw refuse(`format version ${String(format)}, this reader takes ${SNAPSHOT_FORMAT}`);
  const header = snapshotHeader.safeParse(json);
  if (header.success) return header.data;
  const issue = header.error.issues[0];
  throw refuse(`header field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`, header.error);
}

function sizeOf(entry: Field): number {
  if (entry.type === 'number' || entry.type === 'string') return 0;
  return entry.type === 'strings' ? entry.bytes : entry.length * ARRAY_TYPES[entry.type].BYTES_PER_ELEMENT;
}

function decodeField(entry: Field, block: Buffer): SnapshotValue {
  if (entry.type === 'number') return Number(entry.value);
  if (entry.type === 'string') return entry.value;
  if (entry.type !== 'strings') {
    const copy = new Uint8Array(block); // owns its memory: the snapshot outlives the message it came in
    return new ARRAY_TYPES[entry.type](copy.buffer, 0, entry.length);
  }
  const strings = z
    .array(z.string())
    .length(entry.length)
    .safeParse(JSON.parse(block.toString('utf8')));
  if (!strings.success) throw refuse(`field ${entry.name} is not ${entry.length} texts`, strings.error);
  return strings.data;
}
