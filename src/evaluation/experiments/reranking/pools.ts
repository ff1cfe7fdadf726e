import type { CatalogueView } from '../../../catalogue/catalogue';
import type { Item } from '../../../catalogue/item';
import type { ItemIndex } from '../../../models/item-index';
import { TopK } from '../../../models/top-k';
import type { ListExposure, ExposureView } from '../../../ranking/exposure-ledger';
import type { LevelCandidate } from '../../../ranking/list-filling';
import { ListFilling } from '../../../ranking/list-filling';
import { exposureOf, placeTermsOf } from '../../../ranking/place-terms';
import { surfaceSettings, type SurfaceSettings, type SurfaceSettingsInput } from '../../../ranking/surface-settings';
import type { EvaluationContext } from '../../evaluation-context';
import { fitModels } from '../../fit-models';
import { hybridLine } from '../../hybrid-line';
import { withProgress } from '../../progress';
import type { EvaluationCase, Part, Split } from '../../protocols';
import type { Ranker } from '../../rankers';
import type { Study, StudyProtocol } from '../../study';

/** As a surface that says nothing: so many of the best candidates compete for a place. */
export const CANDIDATES = 60;
/** Length of the lists: metrics are at 10. */
export const PLACES = 10;

/** A case with the candidates that compete for its list, best first. */
export interface Pool {
  readonly asked: EvaluationCase;
  readonly candidates: readonly LevelCandidate[];
}

/** The pools of one protocol's part, in the order of its cases. */
export interface Pools {
  readonly protocol: string;
  readonly part: Part;
  readonly split: Split;
  readonly catalogue: CatalogueView;
  readonly pools: readonly Pool[];
}

/** The full hybrid's candidates for every case of a part, scored once: re-ranking needs no more. */
export async function poolsOf(
  study: Study,
  asked: StudyProtocol,
  part: Part,
  context: EvaluationContext,
  candidates = CANDIDATES,
): Promise<Pools> {
  const split = asked.split(part);
  const { fitted } = await fitModels(study, split, context);
  const { ranker } = await hybridLine(study, fitted, context);
  const catalogue = viewOf(study);
  const pools = await withProgress(context.progress, `${study.dataset} ${asked.protocol} ${part}: score`, split.caseCount, (update) => {
    const made: Pool[] = [];
    const top = new TopK(candidates);
    for (const one of split.cases()) {
      made.push({ asked: one, candidates: candidatesOf(one, { ranker, split, catalogue, top }) });
      update(made.length);
    }
    return made;
  });
  return { protocol: asked.protocol, part, split, catalogue, pools };
}

function candidatesOf(
  { query, excluded }: EvaluationCase,
  { ranker, split, catalogue, top }: { ranker: Ranker; split: Split; catalogue: CatalogueView; top: TopK },
): LevelCandidate[] {
  const left = new Set(excluded);
  const scores = ranker.score(query);
  top.clear();
  for (const row of scores.rows) if (row < split.candidates && !left.has(row)) top.offer(row, scores.get(row));
  top.sort();
  return Array.from({ length: top.size }, (_, k) => ({
    item: itemAt(split.index, catalogue, top.rowAt(k)),
    score: top.scoreAt(k),
    shares: [],
  }));
}

const itemAt = (index: ItemIndex, catalogue: CatalogueView, row: number): Item => catalogue.get(index.idAt(row)) ?? bare(index.idAt(row));
const bare = (id: string): Item => ({ id, title: id, categories: [], tags: [], hidden: false, promoted: false, version: 1 });

function viewOf({ catalogue }: Study): CatalogueView {
  const items = new Map(catalogue.map((item) => [item.id, { ...bare(item.id), ...item }]));
  return { get: (id) => items.get(id), size: items.size, values: () => items.values() };
}

/** Settings of a list of ten without diversity, so that with no other term it is the hybrid’s own order. */
export const listSettings = (terms: Pick<SurfaceSettingsInput, 'calibration' | 'exposure' | 'candidates'> = {}): SurfaceSettings =>
  surfaceSettings.parse({ blend: { weights: { popular: 1 } }, size: PLACES, candidates: CANDIDATES, diversity: { lambda: 1 }, ...terms });

export interface RerankedList {
  readonly items: readonly Item[];
  /** Place of the next item, from 0; Infinity: not on the list. */
  readonly rank: number;
  readonly exposure: ListExposure;
}

/** The list of one case by the code that serves. */
export function rerank(
  { asked, candidates }: Pool,
  settings: SurfaceSettings,
  { split: { index }, catalogue }: Pick<Pools, 'split' | 'catalogue'>,
  exposure?: ExposureView,
): RerankedList {
  const basis = { history: asked.query.history, index, catalogue, ...(exposure && { exposure }) };
  const list = new ListFilling(settings, [], placeTermsOf(settings, basis));
  list.fill('hybrid', candidates);
  const items = list.chosen.map(({ item }) => item);
  const wanted = index.idAt(asked.targets[0]!);
  const place = items.findIndex(({ id }) => id === wanted);
  return { items, rank: place < 0 ? Infinity : place, exposure: exposureOf(list.chosen, list.competed, settings) };
}
