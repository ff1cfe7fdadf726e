import type { EpochMs } from '../../platform/clock';
import { rowOf, type FeatureTable } from './behaviour-features';
import { treePath } from './decision-tree';
import type { LearnedValue } from './learn-traits';
import type { Trait } from './trait';
import { probabilityOf } from './trait-classifier';
import type { TraitSettings } from './trait-settings';

export interface InferInput {
  readonly table: FeatureTable;
  /** Row of the table. */
  readonly user: number;
  /** What may be inferred of this user. */
  readonly attributes: readonly string[];
  readonly values: readonly LearnedValue[];
  readonly settings: Pick<TraitSettings, 'threshold' | 'fewestBehaviours' | 'windowMs'>;
  readonly now: EpochMs;
}

/** The most probable value of each attribute, where it reaches the threshold; nothing of a user who did too little. In the order of `attributes`. */
export function inferTraits({ table, user, attributes, values, settings, now }: InferInput): Trait[] {
  if (table.behaviours[user]! < settings.fewestBehaviours) return [];
  const row = rowOf(table, user);
  return attributes.flatMap((attribute) => {
    let best: { readonly learned: LearnedValue; readonly probability: number } | undefined;
    for (const learned of values) {
      if (learned.attribute !== attribute) continue;
      const probability = probabilityOf(learned.classifier, row);
      if (probability >= settings.threshold && probability > (best?.probability ?? 0)) best = { learned, probability };
    }
    if (!best) return [];
    const { value, classifier } = best.learned;
    const { score } = classifier;
    const path = score.model === 'tree' ? treePath(score.tree, row, { features: table.features, windowMs: settings.windowMs }) : [];
    return [{ attribute, value, probability: best.probability, model: score.model, path, at: now }];
  });
}
