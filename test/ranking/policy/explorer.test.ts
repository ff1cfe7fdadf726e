import { drawChances } from '../../../src/ranking/policy/draw-rule';
import { Explorer } from '../../../src/ranking/policy/explorer';
import { seededRandom } from '../../../src/platform/random';
import { aSituation } from '../../models/policy/decisions';

const { features } = aSituation([[255], [204], [153], [102]]);
const rule = { places: 0.3, pool: 3, temperature: 0.4 };

it('draws by the softmax of relevance over the first of the pool', () => {
  // relevances 1, .8, .6: e^0, e^−.5, e^−1
  const sum = 1 + Math.exp(-0.5) + Math.exp(-1);
  const expected = [1 / sum, Math.exp(-0.5) / sum, Math.exp(-1) / sum, 0];
  Array.from(drawChances(features, [0, 1, 2, 3], rule)).forEach((chance, k) => expect(chance).toBeCloseTo(expected[k]!, 12));
  expect(Array.from(drawChances(features, [2, 3], { pool: 1, temperature: 1 }))).toEqual([1, 0]);
});

it('gives a place as often as the propensity says, whoever is best', () => {
  const explorer = new Explorer(features, rule, seededRandom(5));
  const counts = new Map<number, number>();
  const said = new Map<number, number>();
  const draws = 40_000;
  for (let k = 0; k < draws; k++) {
    const { candidate, propensity, explored } = explorer.draw([0, 1, 2, 3], 1);
    counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
    said.set(candidate, propensity!);
    expect(explored).toBe(candidate !== 1);
  }
  expect([...said.values()].reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  for (const [candidate, count] of counts) expect(count / draws).toBeCloseTo(said.get(candidate)!, 1.9);
});
