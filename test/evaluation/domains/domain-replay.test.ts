import { behaviourSettings } from '../../../src/behaviour/behaviour-settings';
import { DomainReplay, trainingEventsOf } from '../../../src/evaluation/domains/domain-replay';
import { ItemIndex } from '../../../src/models/item-index';
import type { ObservedBehaviour, Scorer } from '../../../src/models/model';
import { rank } from '../../../src/ranking/rank';
import type { SimulatedBehaviour } from '../../../src/simulator/visit';
import { aSurface } from '../../ranking/fixtures';

const settings = behaviourSettings.parse({});
const did = (userId: string, type: string, at: number, rest: Partial<SimulatedBehaviour>): SimulatedBehaviour => ({
  id: `${userId}-${at}`,
  userId,
  type,
  at,
  ...rest,
});

describe('trainingEventsOf', () => {
  it('keeps what says something of an item, weighed, in order', () => {
    const events = trainingEventsOf(
      [
        did('u', 'view', 1, { itemId: 'a' }),
        did('u', 'follow', 2, { target: 's' }),
        did('v', 'purchase', 3, { itemId: 'b' }),
        did('u', 'dislike', 4, { itemId: 'a' }),
        did('u', 'impression', 5, { itemId: 'b' }),
      ],
      settings,
    );
    expect([events.userIds, events.itemIds, [...events.users], [...events.items], [...events.times]]).toEqual([
      ['u', 'v'],
      ['a', 'b'],
      [0, 1, 0],
      [0, 1, 0],
      [1, 3, 4],
    ]);
    expect([...events.weights].map((weight) => Number(weight.toFixed(3)))).toEqual([0.1, 1, -0.8]);
  });
});

describe('DomainReplay', () => {
  const items = [
    { id: 'late', title: 'Late', publishedAt: 30, sellerId: 's' },
    { id: 'early', title: 'Early', publishedAt: 10, sellerId: 's' },
    { id: 'always', title: 'Always' },
  ];
  const seen: ObservedBehaviour[] = [];
  const index = new ItemIndex();
  const scorer: Scorer = { name: 'item-knn', score: () => undefined, observe: (behaviour) => seen.push(behaviour) };
  const replay = new DomainReplay({ items, settings, index, scorers: [scorer] });
  const newest = (now: number): string[] => {
    const surface = aSurface({ fallback: ['newest'], rules: { excludeSeen: 'off' } });
    const { items: list } = rank({ profile: replay.profileOf('nobody'), models: replay.models, catalogue: replay.catalogue, surface, now });
    return list.map(({ itemId }) => itemId);
  };

  it('shows items from when they are published', () => {
    replay.advance(10);
    expect(newest(10)).toEqual(['early', 'always']);
    replay.apply(did('u', 'follow', 29, { target: 's' }), true);
    expect(replay.models.links!.newestOf('s', 5)).toEqual(['early']);
    replay.apply(did('u', 'view', 31, { itemId: 'early' }), false);
    expect(newest(31)).toEqual(['late', 'early', 'always']);
  });

  it('keeps profiles, and teaches live models what comes after the fit, with what the user had before', () => {
    expect(seen).toEqual([]);
    replay.apply(did('u', 'purchase', 32, { itemId: 'late' }), true);
    replay.apply(did('u', 'dislike', 33, { itemId: 'always' }), true);
    expect(seen.map(({ row, weight, previous }) => [index.idAt(row), weight, previous.map((one) => index.idAt(one))])).toEqual([
      ['late', 1, ['early']],
      ['always', -0.8, ['late', 'early']],
    ]);
    const profile = replay.profileOf('u');
    expect([...profile.history.keys()]).toEqual(['late', 'early']);
    expect(profile.follows).toEqual(['s']);
    expect(profile.recent.map(({ type }) => type)).toEqual(['dislike', 'purchase', 'view', 'follow']);
  });
});
