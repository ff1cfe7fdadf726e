import { question, type Answer } from '../../src/push/question-job';
import { popularItems, relatedItems } from '../../src/ranking/related-items';
import type { RecomputeDeps } from './recompute-list';

/** Job → related or popular items, from the models in memory. */
export function answerQuestion({ makerOf, clock }: Pick<RecomputeDeps, 'makerOf' | 'clock'>, data: unknown): Answer {
  const asked = question.parse(data);
  const { models, catalogue, settings } = makerOf(asked.tenant);
  const basis = { models, catalogue, now: clock.now(), limit: asked.first };
  const [surface] = settings.surfaces.values();
  const ranked =
    asked.kind === 'related'
      ? relatedItems({ ...basis, itemId: asked.itemId, surface: settings.surfaces.get('product') ?? surface! })
      : popularItems({ ...basis, window: asked.window, ...(asked.category !== undefined && { category: asked.category }) });
  return ranked.map(({ itemId, score, sources }) => ({ itemId, score, sources }));
}
