import type { Estimate } from '../bootstrap';
import { sessionGain, sessionReward } from '../policy-simulator/session-gain';
import { FULL_SIZE, SIMULATED_SURFACE, simulateSeed, type SeedOutcome } from '../policy-simulator/simulate-seed';
import { withProgress } from '../progress';
import type { Experiment, ExperimentTable } from './experiment';

const SEEDS = 5;

/** Whether a policy that learnt from the hybrid's lists alone makes sessions worth more than the hybrid does. */
export const policySimulator: Experiment = {
  name: 'policy-simulator',
  title: 'A policy that learns from the hybrid’s lists, in a simulated shop',
  datasets: [],
  run: async ({ seed, progress }) => {
    const outcomes = await withProgress(progress, 'seeds', SEEDS, async (update) => {
      const done: SeedOutcome[] = [];
      for (let k = 0; k < SEEDS; k++) {
        done.push(await simulateSeed(seed + k, FULL_SIZE));
        update(k + 1);
      }
      return done;
    });
    return [gainTable(outcomes, seed), gateTable(outcomes)];
  },
};

const PRODUCTS = ['hybrid', 'diverse', 'policy'] as const;
type Product = (typeof PRODUCTS)[number];
const { exploration, size } = SIMULATED_SURFACE;

function gainTable(outcomes: readonly SeedOutcome[], seed: number): ExperimentTable {
  const { readers, days, before, items } = FULL_SIZE;
  const row = (name: string, of: readonly SeedOutcome[]): string[] => {
    const sessions = (which: Product): number =>
      of.reduce((sum, outcome) => sum + outcome[which].reduce((own, reader) => own + reader.sessions, 0), 0);
    const reward = (which: Product): number => of.reduce((sum, outcome) => sum + sessionReward(outcome[which]), 0) / of.length;
    return [
      name,
      ...PRODUCTS.map((which) => `${reward(which).toFixed(3)} (${sessions(which)} sessions)`),
      percent(sessionGain(of, seed)),
      percent(
        sessionGain(
          of.map(({ hybrid, diverse }) => ({ hybrid, policy: diverse })),
          seed,
        ),
      ),
    ];
  };
  return {
    text:
      `Readers whose tastes drift, who get bored, leave and come back (src/simulator/sessions). ${readers} of them write a log under the hybrid – \`rank\` with the ` +
      `default blend over models fitted on ${before} days of visits and learning live, ${items} items, ${size} places, of which ${100 * exploration!.places} % are drawn – ` +
      `for ${days} days. The policy learns from that log alone; then both serve ${readers} other readers, with the same exploration and the same draws of fate. ` +
      'Reward of a session: 1 a click, 2 a cart, 5 a purchase, −1 for leaving a list unanswered, 2 for coming back within 3 days. ' +
      'Interval: 95 %, readers resampled within each seed, both products together. “λ .7” is the hybrid with a diversity of .7 in place of .9: what a setting could have brought.',
    columns: ['seed', 'hybrid', 'hybrid, λ .7', 'policy', 'gain of the policy', 'gain of λ .7'],
    rows: [...outcomes.map((outcome) => row(String(outcome.seed), [outcome])), row('all', outcomes)],
  };
}

function gateTable(outcomes: readonly SeedOutcome[]): ExperimentTable {
  return {
    text:
      'What the gate said before, from the hybrid’s log: mean discounted reward of a place, on the readers of the log from whom the policy did not learn. ' +
      'It decides by the lower end of the doubly robust gain.',
    columns: ['seed', 'lists', 'logged', 'IPS', 'SNIPS', 'DR', 'DR gain', 'effective sample', 'largest weight', 'gate'],
    rows: outcomes.map(({ seed, learnt, gate }) => [
      String(seed),
      String(learnt),
      ...[gate.logged, gate.ips, gate.snips, gate.dr, gate.gain].map(range),
      `${gate.effectiveSampleSize.toFixed(0)} of ${gate.cases}`,
      gate.largestWeight.toFixed(1),
      gate.passed ? 'passed' : 'not passed',
    ]),
  };
}

const range = ({ value, low, high }: Estimate): string => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
const percent = ({ value, low, high }: Estimate): string =>
  `${(100 * value).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
