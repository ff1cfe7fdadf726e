import { ItemIndex } from '../../src/models/item-index';
import { cutSessions } from '../../src/models/session-knn/sessions';
import { sessionKnn, type SessionKnnOptions } from '../../src/models/session-knn/session-knn';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const plain: SessionKnnOptions = { m: 10, k: 10, maxItems: 4, idfWeighting: 1, sessionGapMs: Infinity, longest: 1 };

function scores(tuples: readonly EventTuple[], options: Partial<SessionKnnOptions>, history: readonly string[]) {
  const index = new ItemIndex();
  const all = { ...plain, ...options };
  const scorer = sessionKnn.scorer(sessionKnn.fit(trainingEvents(tuples), all), index, all)!;
  return scoresOf(scorer, index, queryOf(index, history));
}

const session = (user: string, items: string): EventTuple[] => [...items].map((item): EventTuple => [user, item]);
// Three sessions, oldest first. idf: a ln(3/2), b ln(3/2), c ln(3/1), d ln(3/2)
const events = [...session('s', 'abd'), ...session('t', 'ac'), ...session('v', 'bd')];
const [two, one] = [Math.log(3 / 2), Math.log(3)];

describe('session-knn (VMIS-kNN)', () => {
  it('gives similarity · λ · idf: one item in common, the newest', () => {
    // Session of "a": s and t hold it at position 1: λ = .9, similarity 1.
    const result = scores(events, {}, ['a']);
    expect(result['b']).toBeCloseTo(0.9 * two, 9);
    expect(result['c']).toBeCloseTo(0.9 * one, 9);
    expect(result['d']).toBeCloseTo(0.9 * two, 9);
  });

  it('never recommends the newest item of the session, but others already seen', () => {
    const result = scores(events, {}, ['a', 'b']);
    expect(result).not.toHaveProperty('a');
    expect(result).toHaveProperty('b');
  });

  it('weighs positions linearly and lets λ follow the newest match', () => {
    // "b then a": a counts 2/2, b 1/2. s holds both: 1.5, λ .9. t holds a: 1, λ .9. v holds b only: ½, λ .8.
    const result = scores(events, {}, ['a', 'b']);
    expect(result['d']).toBeCloseTo((1.5 * 0.9 + 0.5 * 0.8) * two, 9);
    expect(result['c']).toBeCloseTo(0.9 * one, 9);
  });

  it('takes the idf to its exponent', () => {
    const unweighted = scores(events, { idfWeighting: 0 }, ['a']);
    for (const item of ['b', 'c', 'd']) expect(unweighted[item]).toBeCloseTo(0.9, 9);
    expect(scores(events, { idfWeighting: 2 }, ['a'])['c']).toBeCloseTo(0.9 * one ** 2, 9);
  });

  it('compares with the m newest sessions, of which the k most similar give score', () => {
    expect(Object.keys(scores(events, { m: 1 }, ['a']))).toEqual(['c']);
    expect(Object.keys(scores(events, { k: 1 }, ['a', 'b'])).sort()).toEqual(['b', 'd']);
    expect(Object.keys(scores(events, { k: 1 }, ['a']))).toEqual(['c']); // a tie: the newer session
  });

  it('looks at maxItems of the running session, and only after its last long pause', () => {
    expect(scores(events, { maxItems: 1 }, ['a', 'b'])).toEqual(scores(events, {}, ['a']));
    const index = new ItemIndex();
    const options = { ...plain, sessionGapMs: 1_500 };
    const scorer = sessionKnn.scorer(sessionKnn.fit(trainingEvents(events), options), index, options)!;
    const query = queryOf(index, ['a', 'b']);
    const paused = { ...query, history: [query.history[0]!, { ...query.history[1]!, at: query.history[0]!.at - 2_000 }] };
    expect(scoresOf(scorer, index, paused)).toEqual(scoresOf(scorer, index, queryOf(index, ['a'])));
  });

  it('passes over an item that no session holds, which still takes its place in the session', () => {
    // "unknown" is newest: a is at position 2 of 2: similarity ½, λ .8
    expect(scores(events, {}, ['unknown', 'a'])['c']).toBeCloseTo(0.5 * 0.8 * one, 9);
  });

  it('makes no scorer without a snapshot', () => {
    expect(sessionKnn.scorer(undefined, new ItemIndex(), plain)).toBeUndefined();
  });
});

describe('cutSessions', () => {
  const cut = (tuples: readonly EventTuple[], gapMs: number, longest = 1) => {
    const events = trainingEvents(tuples);
    const { indptr, items } = cutSessions(events, gapMs, longest);
    return Array.from({ length: indptr.length - 1 }, (_, s) =>
      [...items.subarray(indptr[s], indptr[s + 1])].map((i) => events.itemIds[i]).join(''),
    );
  };

  it('cuts at gaps longer than the limit, items newest first, sessions oldest first by their end', () => {
    expect(
      cut(
        [
          ['u', 'a', 1, 0],
          ['v', 'x', 1, 5],
          ['u', 'b', 1, 10],
          ['u', 'c', 1, 21],
          ['v', 'y', 1, 30],
        ],
        10,
      ),
    ).toEqual(['x', 'ba', 'c', 'y']);
  });

  it('keeps an item once, where it was last', () => {
    expect(cut(session('u', 'abca'), Infinity)).toEqual(['acb']);
  });

  it('leaves out sessions longer than the quantile, and negative events', () => {
    expect(cut([...session('u', 'abcde'), ...session('v', 'ab'), ...session('w', 'ab')], Infinity, 0.9)).toEqual(['ba', 'ba']);
    expect(
      cut(
        [
          ['u', 'a'],
          ['u', 'b', -0.5],
        ],
        Infinity,
      ),
    ).toEqual(['a']);
  });
});
