import { behaviourSettings } from '../../behaviour/behaviour-settings';
import type { CatalogueView } from '../../catalogue/catalogue';
import type { Item } from '../../catalogue/item';
import { CONTENT_BASED_DEFAULTS, ContentBasedScorer } from '../../models/content-based/content-based';
import { ItemIndex } from '../../models/item-index';
import type { Scorer, Snapshot, TrainingEvents } from '../../models/model';
import { TRAINABLE_MODELS, type TrainableModelName } from '../../models/model-catalogue';
import { PopularScorer } from '../../models/popular/popular';
import type { PolicyScorer } from '../../models/policy/policy';
import { seededRandom, type Random } from '../../platform/random';
import { BlendScratch } from '../../ranking/blend';
import { factsOf } from '../../ranking/learnt-blend/item-facts';
import type { KeptDecision } from '../../ranking/policy/order-by-policy';
import { popularListsOf } from '../../ranking/popular-lists';
import { rank } from '../../ranking/rank';
import type { RankingModels } from '../../ranking/ranking-models';
import type { SurfaceSettings } from '../../ranking/surface-settings';
import type { ReaderBehaviour, Recommender } from '../../simulator/sessions/reader-session';
import type { SimulatedBehaviour } from '../../simulator/visit';
import { TrainingEventsBuilder } from '../../training/training-events';
import { ReaderProfile } from './reader-profile';

/** The models of the blend that is served where nobody has set another; the live ones go on learning. */
const FITTED: readonly TrainableModelName[] = ['popular', 'session-knn', 'item-knn', 'transition', 'factor'];

const { types } = behaviourSettings.parse({});
const STRONGEST = Math.max(...Object.values(types).map(({ strength }) => Math.abs(strength)));
export const weightOf = (type: string): number => (types[type]?.strength ?? 0) / STRONGEST;

/** Snapshots of the models, fitted once on the visits before, for as many products as are compared. */
export type FittedModels = ReadonlyMap<TrainableModelName, Snapshot>;

export async function fitModels(visits: readonly SimulatedBehaviour[]): Promise<FittedModels> {
  const events = eventsOf(visits);
  const fitted = new Map<TrainableModelName, Snapshot>();
  for (const name of FITTED) fitted.set(name, await TRAINABLE_MODELS[name].fit(events));
  return fitted;
}

function eventsOf(visits: readonly SimulatedBehaviour[]): TrainingEvents {
  const builder = new TrainingEventsBuilder();
  visits.forEach(({ id, userId, type, itemId, at }, seq) =>
    builder.add({
      id,
      type,
      at,
      userId,
      tenant: 'simulated',
      seq,
      weight: weightOf(type),
      receivedAt: at,
      previous: [],
      ...(itemId !== undefined && { itemId }),
    }),
  );
  return builder.build();
}

export interface SimulatedProductOptions {
  readonly items: readonly Item[];
  readonly fitted: FittedModels;
  readonly surface: SurfaceSettings;
  /** What users did before. */
  readonly visits: readonly SimulatedBehaviour[];
  readonly policy?: PolicyScorer;
  readonly seed: number;
}

/** The ranking of the product over live models, in memory: profiles, scorers, and the function `rank` that serves. */
export class SimulatedProduct implements Recommender {
  /** List → how it was decided, of lists that explored. */
  readonly decisions = new Map<string, KeptDecision>();
  private readonly profiles = new Map<string, ReaderProfile>();
  private readonly models: RankingModels;
  private readonly catalogue: CatalogueView;
  private readonly index = new ItemIndex();
  private readonly surface: SurfaceSettings;
  private readonly random: Random;
  private lists = 0;

  constructor({ items, fitted, surface, visits, policy, seed }: SimulatedProductOptions) {
    const byId = new Map(items.map((item) => [item.id, item]));
    this.catalogue = { get: (id) => byId.get(id), size: byId.size, values: () => byId.values() };
    this.surface = surface;
    this.random = seededRandom(seed);
    const content = new ContentBasedScorer(this.index, CONTENT_BASED_DEFAULTS);
    for (const item of items) content.put(item);
    const scorers: Scorer[] = [];
    for (const [name, snapshot] of fitted) scorers.push(TRAINABLE_MODELS[name].scorer(snapshot, this.index)!);
    scorers.push(content);
    const popular = scorers.find((scorer): scorer is PopularScorer => scorer instanceof PopularScorer)!;
    for (const item of items) popular.setCategories(this.index.intern(item.id), item.categories);
    this.models = {
      index: this.index,
      scorers,
      facts: factsOf(scorers),
      popular: popularListsOf(popular, this.index),
      scratch: new BlendScratch(),
      ...(policy && { policy }),
    };
    for (const { userId, type, itemId, at } of visits) {
      if (itemId !== undefined) this.profileOf(userId).add({ type, itemId, at, weight: weightOf(type) });
    }
  }

  recommend(userId: string, now: number): { id: string; itemIds: string[] } {
    const { models, catalogue, surface, random } = this;
    const { items, decision } = rank({ profile: this.profileOf(userId).read(), models, catalogue, surface, now, random });
    const id = `list-${++this.lists}`;
    if (decision) this.decisions.set(id, decision);
    return { id, itemIds: items.map(({ itemId }) => itemId) };
  }

  record(behaviours: readonly ReaderBehaviour[]): void {
    for (const { userId, type, itemId, at } of behaviours) {
      const profile = this.profileOf(userId);
      const weight = weightOf(type);
      if (weight > 0) {
        const previous = profile.newest(30).map((id) => this.index.intern(id));
        for (const scorer of this.models.scorers) scorer.observe?.({ row: this.index.intern(itemId), weight, at, previous });
      }
      profile.add({ type, itemId, at, weight });
    }
  }

  private profileOf(userId: string): ReaderProfile {
    let profile = this.profiles.get(userId);
    if (profile === undefined) this.profiles.set(userId, (profile = new ReaderProfile(userId)));
    return profile;
  }
}
