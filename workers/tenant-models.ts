import type { LoggedBehaviour } from '../src/behaviour/behaviour';
import type { CatalogueMirror } from '../src/catalogue/catalogue-mirror.redis';
import { unavailability, type Item } from '../src/catalogue/item';
import { CreativePolicy, NOTHING_LEARNT, type LearntCreatives } from '../src/content/creatives/creative-policy';
import { ContentBasedScorer } from '../src/models/content-based/content-based';
import { ItemIndex } from '../src/models/item-index';
import type { Scorer } from '../src/models/model';
import { trainableModels, type TrainableModel, type TrainableModelName } from '../src/models/model-catalogue';
import { loadSegments } from '../src/models/traits/segment-snapshot';
import { PopularScorer } from '../src/models/popular/popular';
import { PolicyScorer, type PolicySnapshot } from '../src/models/policy/policy';
import { AttentionScorer } from '../src/models/attention/attention-scorer';
import type { Clock } from '../src/platform/clock';
import type { RankingModels } from '../src/ranking/ranking-models';
import { popularListsOf } from '../src/ranking/popular-lists';
import { BlendScratch } from '../src/ranking/blend';
import { CatalogueLinks } from '../src/ranking/domain/catalogue-links';
import { factsOf } from '../src/ranking/learnt-blend/item-facts';
import type { SurfaceSettings } from '../src/ranking/surface-settings';
import { usesPolicy } from '../src/tenants/policy-use';
import { usesModel, type TenantSettings } from '../src/tenants/tenant-settings';
import { blendOf, type HybridBlends } from '../src/training/hybrid-blends';
import { mayTeach } from '../src/training/learnable-history';
import { contentOptionsOf, creativeRulesOf, enabledModels, learnsBlends, optionsOf, usesCreatives } from './model-options';
import { NewestItems } from './newest-items';

/**
 * What a worker holds in memory for one tenant: one scorer a model over shared item rows. Trained models come and go by
 * `swap`; live ones start empty and learn from every behaviour by `observe`; content follows the catalogue.
 */
export class TenantModels {
  private readonly index = new ItemIndex();
  private readonly scorers = new Map<string, Scorer>();
  private readonly content: ContentBasedScorer;
  private readonly newest: NewestItems;
  /** Absent: no surface has a rule that asks for it. */
  private readonly links: CatalogueLinks | undefined;
  private bundle: RankingModels;
  private wording: { readonly policy: CreativePolicy; readonly version: string };
  private blendedSurfaces: ReadonlyMap<string, SurfaceSettings>;
  /** The models that this tenant trains and loads. */
  readonly trainable: readonly TrainableModelName[];
  /** Whether this tenant learns blends. */
  readonly blends: boolean;
  /** Whether this tenant learns traits. */
  readonly traits: boolean;
  /** Whether this tenant chooses the words of its items. */
  readonly words: boolean;
  /** Whether some list of this tenant may be ordered by a policy. */
  readonly usesPolicy: boolean;
  private policy: PolicyScorer | undefined;
  private readonly kinds: Readonly<Record<TrainableModelName, TrainableModel>>;

  constructor(
    private readonly settings: TenantSettings,
    private readonly catalogue: CatalogueMirror,
    private readonly clock: Clock,
  ) {
    this.content = new ContentBasedScorer(this.index, contentOptionsOf(settings));
    this.newest = new NewestItems();
    this.links = linksFor([...settings.surfaces.values()]);
    this.trainable = enabledModels(settings);
    this.blends = learnsBlends(settings);
    this.traits = usesModel(settings, 'traits');
    this.words = usesCreatives(settings);
    this.usesPolicy = usesPolicy(settings);
    this.blendedSurfaces = settings.surfaces;
    this.wording = { policy: new CreativePolicy(NOTHING_LEARNT, creativeRulesOf(settings)), version: 'none' };
    this.kinds = trainableModels(optionsOf(settings));
    for (const item of catalogue.values()) this.follow(item);
    catalogue.onChange((item) => this.follow(item));
    this.bundle = this.bundled();
  }

  get forRanking(): RankingModels {
    return this.bundle;
  }

  /** A live model that has learnt nothing yet; undefined for one that cannot score without a snapshot. */
  empty(name: TrainableModelName): Scorer | undefined {
    return this.categorised(this.kinds[name].scorer(undefined, this.index));
  }

  /** The scorer of a snapshot, joined to this worker's rows; not yet in use. @throws BeckonError for a snapshot that cannot be read. */
  prepare(name: TrainableModelName | 'traits', encoded: Buffer): Scorer | undefined {
    if (name === 'traits') return loadSegments(encoded, this.index);
    const { scorer } = this.kinds[name].load(encoded, this.index);
    scorer.placeItems?.(this.shownOldestFirst());
    return this.categorised(scorer);
  }

  has(name: TrainableModelName): boolean {
    return this.scorers.has(name);
  }

  /** The tenant's surfaces, with the learnt blend where there is one and the surface wants it. The same object until the next swap. */
  get surfaces(): ReadonlyMap<string, SurfaceSettings> {
    return this.blendedSurfaces;
  }

  /** What words the lists of this tenant, and its version: nothing learnt at first. */
  get creatives(): { readonly policy: CreativePolicy; readonly version: string } {
    return this.wording;
  }

  /** Puts learnt creatives in use for every recompute that starts from now on. */
  swapCreatives(learnt: LearntCreatives, version: string): void {
    this.wording = { policy: new CreativePolicy(learnt, creativeRulesOf(this.settings)), version };
  }

  /** Puts learnt blends in use for every recompute that starts from now on. */
  swapBlends(hybrid: HybridBlends): void {
    this.blendedSurfaces = new Map(
      [...this.settings.surfaces].map(([name, surface]) => [
        name,
        surface.blend.source === 'hand-set' ? surface : { ...surface, learnt: blendOf(hybrid, name) },
      ]),
    );
  }

  /** Puts a policy in use, where a surface wants one. @throws BeckonError INTERNAL for a snapshot that cannot be used. */
  swapPolicy(snapshot: PolicySnapshot): void {
    this.policy = new PolicyScorer(snapshot);
    this.bundle = this.bundled();
  }

  /** Puts a prepared scorer in use for every recompute that starts from now on. */
  swap(name: TrainableModelName | 'traits', scorer: Scorer): void {
    this.scorers.set(name, scorer);
    this.bundle = this.bundled();
  }

  observe(behaviour: LoggedBehaviour): void {
    for (const scorer of this.scorers.values()) this.teach(scorer, behaviour);
  }

  /**
   * Lets one scorer learn from a behaviour, if it is live, its user let it be learnt from, and it says something that was not counted before. Items that the
   * catalogue does not know are passed over: memory is bounded by the catalogue, whatever ids clients send.
   */
  teach(scorer: Scorer, behaviour: LoggedBehaviour): void {
    const { itemId, weight, at, previous, mergedFrom } = behaviour;
    if (!scorer.observe || itemId === undefined || weight === 0 || mergedFrom !== undefined) return;
    if (!mayTeach(this.settings.privacy.consent, behaviour)) return;
    if (!this.catalogue.get(itemId)) return;
    const known = previous.filter((id) => this.catalogue.get(id) !== undefined);
    scorer.observe({ row: this.index.intern(itemId), weight, at, previous: known.map((id) => this.index.intern(id)) });
  }

  private follow(item: Item): void {
    const row = this.index.intern(item.id);
    const shown = unavailability(item, this.clock.now()) === undefined;
    if (shown) this.content.put(item);
    else this.content.remove(item.id);
    for (const scorer of this.scorers.values()) {
      if (shown) scorer.placeItems?.([item]);
      else scorer.displaceItem?.(item.id);
    }
    this.newest.put(item, shown);
    this.links?.put(item, shown);
    const popular = this.scorers.get('popular');
    if (popular instanceof PopularScorer) popular.setCategories(row, shown ? item.categories : []);
  }

  /** By publication, then by when they were last changed. */
  private shownOldestFirst(): Item[] {
    const now = this.clock.now();
    const shown = [...this.catalogue.values()].filter((item) => unavailability(item, now) === undefined);
    return shown.sort((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0) || a.version - b.version);
  }

  /** Popularity is told what it cannot learn from behaviour: the categories of the items that may be shown. */
  private categorised(scorer: Scorer | undefined): Scorer | undefined {
    if (!(scorer instanceof PopularScorer)) return scorer;
    for (const item of this.catalogue.values()) {
      if (unavailability(item, this.clock.now()) === undefined) scorer.setCategories(this.index.intern(item.id), item.categories);
    }
    return scorer;
  }

  private bundled(): RankingModels {
    const popular = this.scorers.get('popular');
    const scorers = [...this.scorers.values(), this.content];
    const attention = this.scorers.get('attention');
    return {
      index: this.index,
      scorers,
      facts: factsOf(scorers),
      scratch: this.bundle?.scratch ?? new BlendScratch(),
      newest: (_now, limit) => this.newest.top(limit),
      ...(this.links && { links: this.links }),
      ...(attention instanceof AttentionScorer && { userStates: attention }),
      ...(this.policy && { policy: this.policy }),
      ...(popular instanceof PopularScorer && {
        popular: popularListsOf(popular, this.index),
      }),
    };
  }
}

/** Links of items that the rules of some surface ask for; undefined: none does. */
function linksFor(surfaces: readonly SurfaceSettings[]): CatalogueLinks | undefined {
  const authors = surfaces.some(({ rules }) => rules.followed !== undefined);
  return authors || surfaces.some(({ rules }) => rules.bundles !== undefined) ? new CatalogueLinks({ authors }) : undefined;
}
