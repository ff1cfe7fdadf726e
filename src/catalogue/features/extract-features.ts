import { createHash } from 'node:crypto';
import type { Item } from '../item';
import type { FeatureSettings } from './feature-settings';
import type { FeatureRecord, FeatureStore } from './feature-store.redis';
import { isAllowedSource, type MediaSources } from './media/read-media';
import { MEDIA_KINDS, MediaRefused, type MediaKind, type Refusal } from './media/media-refused';

/** The names of computed vectors among those of an item: no caller's vector is touched. */
export const COMPUTED_VECTORS: Readonly<Record<MediaKind, string>> = { image: 'beckon:image', audio: 'beckon:audio' };

/** Rises with every change of what the built-in descriptors give. */
const DESCRIPTORS = 1;

export interface ExtractDeps {
  readonly store: Pick<FeatureStore, 'read' | 'write' | 'remove'>;
  readonly sources: MediaSources;
  /** Changes when a source does, where that can be asked for without reading it; otherwise ''. */
  readonly stateOf: (source: string) => Promise<string>;
  /** @throws MediaRefused */
  readonly read: (kind: MediaKind, source: string) => Promise<Uint8Array>;
  /** @throws MediaRefused */
  readonly describe: (kind: MediaKind, bytes: Uint8Array) => Promise<number[]>;
  /** Sets vectors of an item by name (null: takes one away), whatever else is changed meanwhile. */
  readonly mergeVectors: (itemId: string, vectors: Readonly<Record<string, readonly number[] | null>>) => Promise<void>;
  /** Told once a file: `described`, `same` (read, but the very file that was described before), or why not. */
  readonly onOutcome: (item: Item, kind: MediaKind, outcome: 'described' | 'same' | Refusal, message?: string) => void;
}

/**
 * Gives an item the vectors that its files lead to, and takes away those whose file is gone. What is stored of the same source is not read, and what is
 * stored of the same bytes is not described again: idempotent, and cheap where nothing has changed. A file that is refused leaves the item without
 * a vector, and is read again when its source changes.
 * @throws BeckonError BAD_INPUT when the encoder cannot be used; what the store throws.
 */
export async function extractFeatures(deps: ExtractDeps, tenant: string, item: Item, settings: FeatureSettings): Promise<void> {
  const changes: Record<string, readonly number[] | null> = {};
  for (const kind of MEDIA_KINDS) {
    if (!settings[kind]) continue;
    const name = COMPUTED_VECTORS[kind];
    const vector = await vectorOf(deps, tenant, item, kind, settings);
    const held = item.vectors?.[name];
    if (vector === undefined ? held !== undefined : !sameNumbers(vector, held)) changes[name] = vector ?? null;
  }
  if (Object.keys(changes).length > 0) await deps.mergeVectors(item.id, changes);
}

async function vectorOf(
  deps: ExtractDeps,
  tenant: string,
  item: Item,
  kind: MediaKind,
  settings: FeatureSettings,
): Promise<readonly number[] | undefined> {
  const { store, stateOf } = deps;
  const held = await store.read(tenant, item.id, kind);
  const source = sourceOf(item, kind, deps.sources);
  if (source === undefined) {
    if (held !== undefined) await store.remove(tenant, item.id, kind);
    return undefined;
  }
  const wanted = { source, state: await stateOf(source), extractor: extractorOf(kind, settings) };
  if (held?.source === source && held.state === wanted.state && held.extractor === wanted.extractor) return held.vector;
  const record = await describeAnew(deps, item, kind, wanted, held);
  await store.write(tenant, item.id, kind, record);
  return record.vector;
}

type Wanted = Pick<FeatureRecord, 'source' | 'state' | 'extractor'>;

async function describeAnew(
  deps: ExtractDeps,
  item: Item,
  kind: MediaKind,
  wanted: Wanted,
  held: FeatureRecord | undefined,
): Promise<FeatureRecord> {
  let digest: string | undefined;
  try {
    const bytes = await deps.read(kind, wanted.source);
    digest = createHash('sha256').update(bytes).digest('hex');
    if (held?.digest === digest && held.extractor === wanted.extractor) {
      deps.onOutcome(item, kind, 'same');
      return { ...held, ...wanted };
    }
    const vector = await deps.describe(kind, bytes);
    deps.onOutcome(item, kind, 'described');
    return { ...wanted, digest, vector };
  } catch (error) {
    if (!(error instanceof MediaRefused)) throw error;
    const { reason, message } = error;
    deps.onOutcome(item, kind, reason, message);
    return { ...wanted, ...(digest !== undefined && { digest }), refused: { reason, message } };
  }
}

/** Where an item's file is read from. A picture that is only shown is also described where that is allowed. */
function sourceOf(item: Item, kind: MediaKind, sources: MediaSources): string | undefined {
  if (kind === 'audio') return item.audioSource;
  if (item.imageSource !== undefined) return item.imageSource;
  return item.imageUrl !== undefined && isAllowedSource(item.imageUrl, sources) ? item.imageUrl : undefined;
}

const extractorOf = (kind: MediaKind, { encoder }: FeatureSettings): string =>
  kind === 'image' && encoder !== undefined ? `onnx ${JSON.stringify(encoder)}` : `descriptor ${DESCRIPTORS}`;

const sameNumbers = (a: readonly number[], b: readonly number[] | undefined): boolean =>
  a.length === b?.length && a.every((value, k) => value === b[k]);
