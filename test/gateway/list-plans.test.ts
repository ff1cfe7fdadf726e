import { execute, getOperationAST, parse, type DocumentNode } from 'graphql';
import { buildSchema } from '../../src/gateway/build-schema';
import { GatewayMetrics } from '../../src/gateway/gateway-metrics';
import { Audiences } from '../../src/gateway/rendering/audiences';
import { ListPlans } from '../../src/gateway/rendering/list-plans';
import { RenderedLists } from '../../src/gateway/rendering/rendered-lists';
import { NotPlain } from '../../src/gateway/rendering/write';
import type { RecommendationUpdate } from '../../src/gateway/schema-mappers';
import { fromUtf8 } from '../../src/platform/utf8';
import { ManualClock } from '../../src/platform/clock';
import { AnnouncedList, AnnouncedLists } from '../../src/push/announced-list';
import { itemFlag, MODEL_NAMES, REASON_CODES, type Recommendation, type RecommendationList } from '../../src/push/recommendation-list';
import { recommendationOf } from '../support/lists';
import { fakeParts, itemOf, listOf } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

const schema = buildSchema();
const parts = fakeParts({ clock: new ManualClock(5000) });
parts.items.set('a', itemOf('a', { title: 'Quotes " and \\ and \u2028 and \ud800 and ä😀\n', price: 1.5, publishedAt: 1 }));
parts.items.set('hidden', itemOf('hidden', { hidden: true }));
const audiences = new Audiences({ deps: parts.deps, settings: TEST_SETTINGS, metrics: new GatewayMetrics(parts.deps.metrics) });
const writers = audiences.of({ tenant: 'default', userId: 'w', scopes: new Set(['catalogue:write']) });
const readers = audiences.of({ tenant: 'default', userId: 'r', scopes: new Set() });

const update = (ids: readonly string[], revision = 2): RecommendationUpdate => ({
  view: { list: listOf('ann', ids, { revision }), first: 10, stale: false },
  arrivedAt: 4000,
  before: { epoch: 'e1', revision: 1 },
  change: { added: ['a'], removed: [], moved: [{ itemId: 'b', from: 1, to: 2 }] },
});
const planOf = (plans: ListPlans, document: DocumentNode, variables: Record<string, unknown> = {}) =>
  plans.planOf(document, getOperationAST(document)!, variables);

const EVERYTHING = parse(`subscription W($no: Boolean = false) {
  it: recommendations {
    __typename
    ...on RecommendationUpdate { position { epoch revision } }
    cause { kind behaviours { id } itemIds }
    change { added removed moved { itemId from to } }
    appliedThrough
    timings { ingest queue score replace push }
    list {
      recommendationId userId surface stale computedAt fallback { level name } cost { models { model cpuMicros } dropped droppedFor }
      items { ...Item rank title: content { title } content { text } skipped: rank @skip(if: true) kept: rank @include(if: $no) }
    }
  }
}
fragment Item on Recommendation {
  itemId score flags
  sources { model share }
  reason { code topic { id kind name } evidence { itemId item { title } at share } }
  item { id title price currency categories tags hidden }
}`);

describe('a compiled selection', () => {
  it.each([
    ['those who see everything', writers],
    ['everybody else', readers],
  ])('writes what graphql-js answers, to the byte, for %s', async (_who, contextValue) => {
    const given = update(['a', 'hidden', 'unknown']);
    const plan = planOf(new ListPlans(schema), EVERYTHING)!;
    const expected = await execute({ schema, document: EVERYTHING, contextValue, rootValue: { recommendations: given } });
    expect(expected.errors).toBeUndefined();
    expect(fromUtf8(plan.write(given, contextValue))).toBe(JSON.stringify(expected));
  });

  describe('of a list as it was announced', () => {
    const rich = [
      recommendationOf('a', 1 / 3),
      {
        ...recommendationOf('hidden', -1.5e-7),
        sources: MODEL_NAMES.map((model, k) => ({ model, share: k / 100 })),
        reason: { code: 'interest', topic: 'c:ä "b" \\ €', evidence: [{ itemId: 'a', type: 'view', at: 1_700_000_000_000, share: 1 }] },
        flags: itemFlag.options,
        content: { title: 'Tür "1" \\ 😀\n\u2028\ud800', text: '', callToAction: 'Ç}],{' },
      },
      ...REASON_CODES.map((code) => ({ ...recommendationOf('unknown "1"', 1e21), reason: { code, evidence: [] } })),
    ] as readonly Recommendation[];
    const announced = (list: RecommendationList): RecommendationList => {
      const { epoch, revision, ...body } = list;
      const read = new AnnouncedLists().read(body, { epoch, revision }, Buffer.from(JSON.stringify(body)));
      expect(read).toBeInstanceOf(AnnouncedList);
      return read!;
    };

    it.each([
      ['those who see everything', writers],
      ['everybody else', readers],
    ])('writes what graphql-js answers to the same list, to the byte, for %s', async (_who, contextValue) => {
      const cost = { models: [{ model: 'item-knn' as const, cpuMicros: 12 }], dropped: ['ncf' as const], droppedFor: 'budget' as const };
      const list = { ...listOf('ann', [], { revision: 7, cost }), items: [...rich] };
      const plan = planOf(new ListPlans(schema), EVERYTHING)!;
      for (const first of [0, 1, 2, 50]) {
        const given = { ...update([]), view: { list, first, stale: false } };
        const expected = await execute({ schema, document: EVERYTHING, contextValue, rootValue: { recommendations: given } });
        expect(expected.errors).toBeUndefined();
        const asText = { ...given, view: { ...given.view, list: announced(list) } };
        expect(fromUtf8(plan.write(asText, contextValue))).toBe(JSON.stringify(expected));
      }
    });

    it('makes no objects of its items for it', () => {
      const list = announced({ ...listOf('ann', [], { revision: 7 }), items: [...rich] });
      const whole = jest.spyOn(list, 'items', 'get');
      planOf(
        new ListPlans(schema),
        parse('subscription { recommendations { list { items { rank sources { model } reason { topic { kind } } } } } }'),
      )!.write({ ...update([]), view: { list, first: 10, stale: false } }, readers);
      expect(whole).not.toHaveBeenCalled();
    });

    it('says the same as graphql-js also when more lists have been read since', () => {
      const lists = new AnnouncedLists();
      const read = (k: number) => {
        const { epoch, revision, ...body } = listOf('ann', [`item-${k}`, 'a'], { revision: k });
        return lists.read(body, { epoch, revision }, Buffer.from(JSON.stringify(body)))!;
      };
      const plan = planOf(new ListPlans(schema), parse('subscription { recommendations { list { items { itemId } } } }'))!;
      const all = Array.from({ length: 100 }, (_, k) => read(k));
      expect(all.map((list) => plan.write({ ...update([]), view: { list, first: 10, stale: false } }, readers))).toEqual(
        all.map((_, k) => `{"data":{"recommendations":{"list":{"items":[{"itemId":"item-${k}"},{"itemId":"a"}]}}}}`),
      );
    });

    it('gives up where an item is not what it should be', () => {
      const broken = { ...recommendationOf('a'), score: null } as unknown as Recommendation;
      const list = announced({ ...listOf('ann', []), items: [broken] });
      const plan = planOf(new ListPlans(schema), parse('subscription { recommendations { list { items { score } } } }'))!;
      expect(() => plan.write({ ...update([]), view: { list, first: 10, stale: false } }, readers)).toThrow(NotPlain);
    });
  });

  it('writes a topic, which is the text of its id inside, with nothing left to graphql-js', async () => {
    const [first] = listOf('ann', ['unknown']).items;
    const items = [{ ...first!, reason: { code: 'interest' as const, topic: 'c:garden', evidence: [] } }];
    const given = { ...update([]), view: { ...update([]).view, list: listOf('ann', [], { items }) } };
    const expected = await execute({ schema, document: EVERYTHING, contextValue: readers, rootValue: { recommendations: given } });
    const text = planOf(new ListPlans(schema), EVERYTHING)!.write(given, readers);
    expect(text).toBe(JSON.stringify(expected));
    expect(text).toContain('"topic":{"id":"c:garden","kind":"CATEGORY","name":"garden"}');
  });

  it('gives up where graphql-js would answer with an error', () => {
    const plan = planOf(new ListPlans(schema), EVERYTHING)!;
    const broken = { ...update(['a']), view: { ...update(['a']).view, list: { ...listOf('ann', ['a']), appliedThrough: NaN } } };
    expect(() => plan.write(broken, readers)).toThrow();
  });

  it('is compiled once for a document, whatever its arguments at the top, and once for each value that selects', () => {
    const plans = new ListPlans(schema);
    const document = parse(`subscription ($first: Int!, $short: Boolean! = false) {
      recommendations(first: $first) { list { items { itemId score @skip(if: $short) } } }
    }`);
    const plan = planOf(plans, document, { first: 1 });
    expect(planOf(plans, document, { first: 2 })).toBe(plan);
    expect(planOf(plans, document, { first: 1, short: false })).toBe(plan);
    expect(planOf(plans, document, { first: 1, short: true })).not.toBe(plan);
  });

  it('is not made for what graphql-js has to refuse or to answer otherwise', () => {
    const plans = new ListPlans(schema);
    expect(planOf(plans, parse('subscription ($n: Int!) { recommendations(first: $n) { appliedThrough } }'))).toBeUndefined();
    expect(planOf(plans, parse('subscription { __typename }'))).toBeUndefined();
    expect(planOf(plans, parse('subscription { recommendations @skip(if: true) { appliedThrough } }'))).toBeUndefined();
  });
});

describe('a list', () => {
  it('is written once for everybody with the same selection, place before and rights', () => {
    const plan = planOf(new ListPlans(schema), parse('subscription { recommendations { list { items { item { title } } } } }'))!;
    const write = jest.spyOn(plan, 'write');
    const rendered = new RenderedLists();
    const { list } = update(['hidden']).view;
    const sent = (before: number): RecommendationUpdate => ({
      ...update([]),
      view: { list, first: 10, stale: false },
      before: { epoch: 'e1', revision: before },
    });
    const texts = Array.from({ length: 1000 }, () => rendered.render(plan, sent(1), readers));
    expect(new Set(texts).size).toBe(1);
    expect(write).toHaveBeenCalledTimes(1);
    rendered.render(plan, sent(0), readers); // another change
    expect(rendered.render(plan, sent(1), writers)).not.toBe(texts[0]); // sees hidden items
    expect(write).toHaveBeenCalledTimes(3);
  });
});
