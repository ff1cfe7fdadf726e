import type { ItemIndex } from '../item-index';
import { joinItems } from '../join-items';
import type { Model } from '../model';
import { AttentionScorer, type AttentionSnapshot } from './attention-scorer';
import { fitAttention } from './fit-attention';
import { ATTENTION_DEFAULTS, type AttentionOptions } from './options';

/**
 * Self-attention over a user's last behaviours (SASRec: Kang & McAuley, ICDM 2018), which is asked at each place of a sequence what comes next, by a softmax
 * over many items (Klenitskiy & Vasilev, RecSys 2023) or by calibrated binary cross-entropy (gSASRec: Petrov & Macdonald, RecSys 2023). Deviations:
 * see `Tower` and the losses; positions are counted from the oldest item read, so that short histories are like the beginnings of long
 * ones; a user with more than `length` items is a random window of them in each epoch.
 */
export const attention = {
  name: 'attention',
  defaults: ATTENTION_DEFAULTS,
  fit: fitAttention,
  scorer: (snapshot, index: ItemIndex, options) =>
    snapshot === undefined ? undefined : new AttentionScorer(snapshot, joinItems(snapshot.items, index), options.scan),
} satisfies Model<AttentionSnapshot, AttentionOptions>;
