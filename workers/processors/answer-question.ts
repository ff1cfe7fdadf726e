import { question, type AnswerTo, type Question } from '../../src/push/question-job';
import { isNobody } from '../../src/profile/nobody';
import { segmentsOf } from '../../src/profile/traits/segments';
import { explainItem } from '../../src/ranking/explain-item';
import { impersonalSurface } from '../../src/ranking/impersonal-surface';
import { popularItems, relatedItems } from '../../src/ranking/related-items';
import { surfaceOf } from '../../src/tenants/tenant-settings';
import { profileFor, type RecomputeDeps } from './recompute-list';

type QuestionDeps = Pick<RecomputeDeps, 'makerOf' | 'clock' | 'readProfile'>;

/** Job → related or popular items, or why an item is on somebody's list, from the models in memory. */
export async function answerQuestion(deps: QuestionDeps, data: unknown): Promise<AnswerTo<Question['kind']>> {
  const asked = question.parse(data);
  if (asked.kind === 'why') return explain(deps, asked);
  const { models, catalogue, settings } = deps.makerOf(asked.tenant);
  const basis = { models, catalogue, now: deps.clock.now(), limit: asked.first };
  const [surface] = settings.surfaces.values();
  const ranked =
    asked.kind === 'related'
      ? relatedItems({ ...basis, itemId: asked.itemId, surface: settings.surfaces.get('product') ?? surface! })
      : popularItems({ ...basis, window: asked.window, ...(asked.category !== undefined && { category: asked.category }) });
  return ranked.map(({ itemId, score, sources }) => ({ itemId, score, sources }));
}

/** By the same profile, models and settings that a list of this moment would be made with; never within a budget of time. */
async function explain(deps: QuestionDeps, asked: Extract<Question, { kind: 'why' }>): Promise<AnswerTo<'why'>> {
  const profile = await profileFor(deps, asked);
  const { models, catalogue, settings, exposure } = deps.makerOf(asked.tenant);
  const own = surfaceOf(settings, asked.surface);
  const ledger = exposure.get(asked.surface);
  const { item, fallback, counterfactuals, ...rest } = explainItem(
    {
      ...{ profile, models, catalogue, surface: isNobody(profile) ? impersonalSurface(own) : own, now: deps.clock.now() },
      ...(ledger && { exposure: ledger }),
      ...(settings.traits.enabled && { segments: segmentsOf(profile, settings.traits) }),
    },
    asked.itemId,
    settings.behaviour,
  );
  return { ...rest, ...(item && { item }), fallback: { ...fallback }, counterfactuals: [...counterfactuals] };
}
