import { isListBody } from '../../src/push/is-list-body';
import { listBody } from '../../src/push/recommendation-list';
import { bodyOf } from '../support/lists';

type Path = readonly (string | number)[];

const whole = {
  ...bodyOf('ann', ['a', 'b'], { tenant: 'default' }),
  cause: { kind: 'behaviours', behaviours: [{ id: 'x', type: 'view', itemId: 'a', seq: 3 }], itemIds: ['c'] },
  timeline: { receivedAt: 1, recordedAt: 2, startedAt: 3, scoredAt: 4.5 },
  cost: { models: [{ model: 'item-knn', cpuMicros: 12 }], dropped: ['ncf'], droppedFor: 'budget' },
  items: [
    {
      itemId: 'a',
      score: 0.5,
      sources: [{ model: 'item-knn', share: 1 }],
      reason: { code: 'interest', topic: 'c:x', evidence: [{ itemId: 'b', type: 'view', at: 1, share: 1 }] },
      flags: ['promoted'],
      content: { title: 't', text: 'x', callToAction: 'c' },
    },
  ],
};

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...at, Array.isArray(value) ? Number(name) : name]))];
}

function changed(path: Path, to: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return to;
  const copy: unknown = structuredClone(whole);
  let parent = copy as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string | number, unknown>;
  const last = path[path.length - 1]!;
  if (to === undefined && !Array.isArray(parent)) delete parent[last];
  else parent[last] = to;
  return rest && copy;
}

const REPLACEMENTS: readonly unknown[] = [undefined, null, 'text', 7, 7.5, true, [], {}, ['text'], [7], [{}], [null]];

describe('isListBody', () => {
  it('takes the whole list', () => expect(isListBody(whole)).toBe(true));

  it.each(pathsOf(whole).map((path) => [path.join('.') || 'all of it', path] as const))(
    'says of a list with something else at %s what the codec says',
    (_name, path) => {
      for (const to of REPLACEMENTS) {
        const value = changed(path, to);
        expect([to, isListBody(value)]).toEqual([to, listBody.safeParse(value).success]);
      }
    },
  );
});
