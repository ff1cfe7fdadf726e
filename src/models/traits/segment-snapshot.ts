import type { ItemIndex } from '../item-index';
import { decodeSnapshot, encodeSnapshot } from '../snapshot-codec';
import { SegmentScorer, type SegmentSnapshot } from './segment-popularity';

/** Rises with every change of what the snapshot of the traits holds. */
export const TRAITS_LAYOUT = 1;

export const encodeSegments = (snapshot: SegmentSnapshot, version: string, trainedAt: number): Buffer =>
  encodeSnapshot({ model: 'traits', version, trainedAt, layout: TRAITS_LAYOUT }, snapshot);

/** @throws BeckonError INTERNAL when the bytes are no snapshot of the traits that this version reads; the message says why. */
export const loadSegments = (bytes: Buffer, index: ItemIndex): SegmentScorer =>
  new SegmentScorer(decodeSnapshot(bytes, { model: 'traits', layout: TRAITS_LAYOUT }).snapshot as SegmentSnapshot, index);
