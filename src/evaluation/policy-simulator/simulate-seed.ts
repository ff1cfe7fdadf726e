import type { Item } from '../../catalogue/item';
import { fitPolicy } from '../../models/policy/fit-policy';
import { judgeLists, type SeenDecision } from '../../models/policy/judge-lists';
import { PolicyScorer } from '../../models/policy/policy';
import { POLICY_DEFAULTS, type PolicyOptions } from '../../models/policy/policy-options';
import { DEFAULT_BLEND } from '../../ranking/default-blend';
import { surfaceSettings, type SurfaceSettings } from '../../ranking/surface-settings';
import { simulateCatalogue, type DemoCatalogue } from '../../simulator/catalogue';
import { simulateHistory } from '../../simulator/history';
import { READER_DEFAULTS, simulateReaders } from '../../simulator/sessions/reader';
import { simulateSessions, type LivedSession } from '../../simulator/sessions/session-world';
import type { SimulatedBehaviour } from '../../simulator/visit';
import { rewardOf } from '../../training/seen-decisions';
import { judgePolicy, type PolicyGate } from '../off-policy/policy-gate';
import { fitModels, SimulatedProduct, type FittedModels } from './simulated-product';

export interface SimulationSize {
  readonly items: number;
  /** Readers who write the log, and as many others whom the two products are compared on. */
  readonly readers: number;
  /** Days of visits before, from which the models learn; and days that are simulated. */
  readonly before: number;
  readonly days: number;
}

export const FULL_SIZE: SimulationSize = { items: 800, readers: 600, before: 120, days: 28 };

/** The surface of both: the default blend and rules, eight places on the screen, a tenth of them drawn. */
export const SIMULATED_SURFACE: SurfaceSettings = surfaceSettings.parse({
  blend: DEFAULT_BLEND,
  size: 8,
  exploration: { places: 0.2, pool: 40, temperature: 0.4 },
  policy: true,
});

/** The same with more diversity. */
const DIVERSE_SURFACE: SurfaceSettings = { ...SIMULATED_SURFACE, diversity: { lambda: 0.7 } };

/** Sessions of one reader under one product. */
export interface ReaderOutcome {
  readonly sessions: number;
  /** Σ over sessions of what was earned in it, with the rewards for quitting and for coming back. */
  readonly reward: number;
}

export interface SeedOutcome {
  readonly seed: number;
  /** Lists with a judged outcome that the policy learnt from, and those that its gate was asked on. */
  readonly learnt: number;
  readonly gate: PolicyGate;
  readonly hybrid: readonly ReaderOutcome[];
  /** The hybrid with more diversity: what a setting could have brought. */
  readonly diverse: readonly ReaderOutcome[];
  readonly policy: readonly ReaderOutcome[];
}

/** Midnight, 1 June 2026 UTC. */
const START = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
/** Readers by whom the gate is asked; the policy learns from the others. */
const GATED_SHARE = 0.4;

/** How lists are made; absent: by the hybrid. */
interface Served {
  readonly policy?: PolicyScorer;
  readonly surface?: SurfaceSettings;
}

interface World {
  readonly catalogue: DemoCatalogue;
  readonly items: readonly Item[];
  readonly visits: readonly SimulatedBehaviour[];
  readonly fitted: FittedModels;
}

/** The log of the hybrid, the policy that learns from it alone, its gate, and both products on the same other readers. Deterministic in the seed. */
export async function simulateSeed(seed: number, size: SimulationSize, options: PolicyOptions = POLICY_DEFAULTS): Promise<SeedOutcome> {
  const world = await makeWorld(seed, size);
  const { decisions, lists } = logOf(world, seed, size, options);
  const gated = Math.floor(size.readers * GATED_SHARE);
  const snapshot = fitPolicy(
    decisions.filter(({ user }) => user >= gated),
    { ...options, seed },
  );
  const policy = new PolicyScorer(snapshot);
  const gate = judgePolicy(
    decisions.filter(({ user }) => user < gated),
    policy,
    seed,
  );
  const outcome = (served: Served = {}): ReaderOutcome[] => {
    const { sessions } = run(world, seed, size, { from: size.readers, ...served });
    return outcomes(sessions, size, options);
  };
  return { seed, learnt: lists, gate, hybrid: outcome(), diverse: outcome({ surface: DIVERSE_SURFACE }), policy: outcome({ policy }) };
}

async function makeWorld(seed: number, { items: count, readers, before }: SimulationSize): Promise<World> {
  const catalogue = simulateCatalogue(seed, count);
  const items = catalogue.items.map(({ item }): Item => ({
    tags: [],
    categories: [],
    hidden: false,
    promoted: false,
    version: 1,
    ...item,
    stock: 100,
  }));
  const visits = simulateHistory(catalogue, { seed, users: 2 * readers, days: before, endAt: START - 1 });
  return { catalogue, items, visits, fitted: await fitModels(visits) };
}

function run(
  { catalogue, items, visits, fitted }: World,
  seed: number,
  { readers: count, days }: SimulationSize,
  { from, policy, surface = SIMULATED_SURFACE }: Served & { readonly from: number },
): { readonly product: SimulatedProduct; readonly sessions: LivedSession[] } {
  const product = new SimulatedProduct({ items, fitted, visits, surface, seed, ...(policy && { policy }) });
  const readers = simulateReaders(catalogue, { seed, from, count });
  const sessions = simulateSessions(catalogue, readers, product, { seed, startAt: START, days, reader: READER_DEFAULTS });
  return { product, sessions };
}

function logOf(world: World, seed: number, size: SimulationSize, options: PolicyOptions) {
  const { product, sessions } = run(world, seed, size, { from: 0 });
  const seen = sessions.flatMap(({ userId, lists }) =>
    lists.flatMap(({ listId, at, behaviours }): SeenDecision[] => {
      const decision = product.decisions.get(listId);
      if (decision === undefined) return [];
      const earned = decision.places.map(({ candidate }) =>
        behaviours.reduce((sum, { type, itemId }) => sum + (itemId === decision.itemIds[candidate] ? rewardOf(type, options) : 0), 0),
      );
      return [{ ...decision, user: Number(userId.slice('user-'.length)) - 1, at, earned: Float64Array.from(earned) }];
    }),
  );
  const decisions = judgeLists(seen, options, START + size.days * DAY_MS);
  return { decisions, lists: decisions.length };
}

/** Sessions that may not have had the time to be followed by another are counted without the reward for coming back. */
function outcomes(sessions: readonly LivedSession[], { readers, days }: SimulationSize, options: PolicyOptions): ReaderOutcome[] {
  const totals = Array.from({ length: readers }, () => ({ sessions: 0, reward: 0 }));
  const until = START + days * DAY_MS - options.returnMs;
  for (const { userId, lists, quit, endAt, nextAt } of sessions) {
    if (endAt > until) continue; // nobody can say yet whether it was followed by another
    const own = totals[Number(userId.slice('user-'.length)) - 1 - readers]!;
    own.sessions++;
    for (const { behaviours } of lists) for (const { type } of behaviours) own.reward += rewardOf(type, options);
    if (quit) own.reward += options.quit;
    if (nextAt !== undefined && nextAt - endAt <= options.returnMs) own.reward += options.return;
  }
  return totals;
}
