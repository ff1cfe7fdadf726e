import { execute, getOperationAST, parse } from 'graphql';
import { buildSchema } from '../../src/gateway/build-schema';
import { GatewayMetrics } from '../../src/gateway/gateway-metrics';
import { Audiences } from '../../src/gateway/rendering/audiences';
import { ListPlans, type ListPlan } from '../../src/gateway/rendering/list-plans';
import { PrepareLists } from '../../src/gateway/rendering/prepare-lists';
import { RenderedLists } from '../../src/gateway/rendering/rendered-lists';
import { shapeOf } from '../../src/gateway/rendering/shape-of';
import type { RecommendationUpdate } from '../../src/gateway/schema-mappers';
import { ManualClock } from '../../src/platform/clock';
import { fromUtf8 } from '../../src/platform/utf8';
import { AnnouncedLists } from '../../src/push/announced-list';
import { decodeAnnouncement, encodePrepared } from '../../src/push/prepared-texts';
import type { ListBody } from '../../src/push/recommendation-list';
import { shapeId, type ServedCount, type ServedShape } from '../../src/push/served-shape';
import { bodyOf } from '../support/lists';
import { fakeParts, itemOf } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

const schema = buildSchema();
const parts = fakeParts({ clock: new ManualClock(5000) });
parts.items.set('a', itemOf('a', { title: 'Tür "1" \\ 😀\n', price: 1.5 }));
parts.items.set('b', itemOf('b'));
parts.items.set('hidden', itemOf('hidden', { hidden: true }));
const audiences = new Audiences({ deps: parts.deps, settings: TEST_SETTINGS, metrics: new GatewayMetrics(parts.deps.metrics) });
const writers = audiences.of({ tenant: 'default', userId: 'w', scopes: new Set(['catalogue:write']) });
const readers = audiences.of({ tenant: 'default', userId: 'r', scopes: new Set() });

const body: ListBody = bodyOf('ann', ['a', 'hidden', 'b', 'unknown'], { tenant: 'default', appliedThrough: 9 });
const LIST = 'items { itemId rank score item { title price } reason { code evidence { itemId } } content { title text } }';
const SELECTIONS = [
  `list { ${LIST} }`,
  `appliedThrough position { epoch revision } timings { score push } cause { kind } change { added } list { recommendationId ${LIST} computedAt }`,
  `__typename timings { push } list { __typename ${LIST} position { revision } surface } now: timings { replace } position { epoch }`,
  `position { revision }`,
  `timings { push } change { added removed moved { itemId from to } }`,
  `timings { __typename late: replace ingest queue } change { m: moved { __typename to itemId } __typename removed moved { from } }`,
  `first: list { userId } ...More second: list { items { itemId } fallback { name } } appliedThrough`,
  `list { position { epoch } } list { items { rank } } list { position { revision } }`,
];
const documentOf = (selection: string) =>
  parse(
    `subscription W($first: Int!) { recommendations(first: $first) { ${selection} } } fragment More on RecommendationUpdate { cause { kind } appliedThrough }`,
  );

const planOf = (selection: string): ListPlan => {
  const document = documentOf(selection);
  return new ListPlans(schema).planOf(document, getOperationAST(document)!, { first: 1 })!;
};

/** What a worker announces for one shape, as a gateway reads it. */
function announced(plan: ListPlan, { first, context, suffice = false }: { first: number; context: typeof readers; suffice?: boolean }) {
  const shape = shapeOf(plan, { surface: 'home', first }, context);
  const id = shapeId(shape, 'test');
  const worker = new PrepareLists({
    schema,
    contract: 'test',
    shapesOf: () => ({ served: [{ id, shape, count: 1 }], suffice }),
    itemsOf: () => parts.items,
    log: parts.deps.log,
  });
  const { texts, suffices } = worker.prepare(body);
  expect(suffices).toBe(suffice);
  const json = Buffer.from(suffices ? '' : JSON.stringify(body));
  const bytes = Buffer.concat([encodePrepared(body, texts), json]);
  const message = decodeAnnouncement(bytes);
  const list = new AnnouncedLists().readPrepared(
    { tenant: 'default', userId: 'ann', surface: 'home' },
    { epoch: 'e7', revision: 12 },
    message.prepared!,
    message.body,
  );
  return { shape: { id, pieces: plan.pieces!.count }, list, bytes };
}

/** What is written of a list, as a text. */
function written(
  rendered: RenderedLists,
  ...args: Parameters<RenderedLists['write']> extends [unknown, ...infer Rest] ? Rest : never
): string {
  let said = '';
  const out = {
    text: (utf8: string) => (said += utf8),
    bytes: (of: Buffer, from: number, to: number) => (said += of.toString('latin1', from, to)),
  };
  rendered.write(out, ...args);
  return said;
}

const updateOf = (list: RecommendationUpdate['view']['list'], first: number): RecommendationUpdate => ({
  view: { list, first, stale: false },
  arrivedAt: 4000,
  before: { epoch: 'e7', revision: 11 },
  change: { added: ['a'], removed: ['ü'], moved: [{ itemId: 'b', from: 1, to: 2 }] },
});

describe('a list that a worker has prepared', () => {
  it.each(SELECTIONS.flatMap((selection) => [[selection, 'readers', readers] as const, [selection, 'writers', writers] as const]))(
    'is sent as graphql-js answers, to the byte: %s, for %s',
    async (selection, _who, context) => {
      const plan = planOf(selection);
      for (const first of [1, 3, 50]) {
        const { shape, list } = announced(plan, { first, context });
        let prepared = 0;
        const text = written(new RenderedLists(() => prepared++), plan, updateOf(list, first), context, shape);
        const plain = updateOf({ ...body, epoch: 'e7', revision: 12 }, first);
        const expected = await execute({
          schema,
          document: documentOf(selection),
          contextValue: context,
          rootValue: { recommendations: plain },
          variableValues: { first },
        });
        expect(expected.errors).toBeUndefined();
        expect(fromUtf8(text)).toBe(JSON.stringify(expected));
        expect(prepared).toBe(1);
      }
    },
  );

  it('is written by the gateway for any other shape, and after its turn of the event loop', async () => {
    const plan = planOf(SELECTIONS[1]!);
    const { shape, list } = announced(plan, { first: 3, context: readers });
    let prepared = 0;
    const rendered = new RenderedLists(() => prepared++);
    const expected = plan.write(updateOf({ ...body, epoch: 'e7', revision: 12 }, 3), readers);
    expect(written(rendered, plan, updateOf(list, 3), readers, { ...shape, id: 'another' })).toBe(expected);
    expect(written(rendered, plan, updateOf(list, 3), readers, { ...shape, pieces: shape.pieces + 1 })).toBe(expected);
    expect(written(rendered, plan, updateOf(list, 3), readers, undefined)).toBe(expected);
    await new Promise(setImmediate);
    expect(written(rendered, plan, updateOf(list, 3), readers, shape)).toBe(expected);
    expect(prepared).toBe(0);
    expect(list.whole).toEqual({ ...body, epoch: 'e7', revision: 12 });
  });

  it('announced without its body is sent after its turn of the event loop too, when its bytes are others', async () => {
    const plan = planOf(SELECTIONS[1]!);
    const { shape, list, bytes } = announced(plan, { first: 3, context: readers, suffice: true });
    expect(list.hasBody).toBe(false);
    expect(list.itemIds).toEqual(body.items.map(({ itemId }) => itemId));
    expect(list.piecesFor(shape)!.bytes.buffer).toBe(bytes.buffer);
    await new Promise(setImmediate);
    bytes.fill(0);
    const expected = plan.write(updateOf({ ...body, epoch: 'e7', revision: 12 }, 3), readers);
    expect(written(new RenderedLists(), plan, updateOf(list, 3), readers, shape)).toBe(expected);
    expect(() => list.whole).toThrow('without its body');
  });

  it('is not to be had of a selection with deltas, nor of one with more pieces than an announcement tells of', () => {
    expect(planOf('full { items { itemId } } delta { added { itemId } }').pieces).toBeUndefined();
    const places = (count: number): string => Array.from({ length: count }, (_, k) => `p${k}: position { revision }`).join(' ');
    expect(planOf(places(254)).pieces!.count).toBe(255);
    expect(planOf(places(255)).pieces).toBeUndefined();
  });

  it('leaves out a shape that cannot be written here', () => {
    const shape = { surface: 'home', document: 'subscription { nothing }', variables: {}, first: 5, scopes: [] };
    const unread = { ...shape, document: 'no GraphQL' };
    const right = { ...shape, document: 'subscription { recommendations { appliedThrough } }' };
    const served = (of: ServedShape, contract = 'test'): ServedCount => ({ id: shapeId(of, contract), shape: of, count: 1 });
    const [no, unreadable, good, ofAnotherSchema] = [served(shape), served(unread), served(right), served(right, 'another')];
    const prepared = (shapes: readonly ServedCount[]) => {
      const shapesOf = () => ({ served: shapes, suffice: true });
      return new PrepareLists({ schema, contract: 'test', shapesOf, itemsOf: () => parts.items, log: parts.deps.log }).prepare(body);
    };
    expect(prepared([])).toEqual({ texts: [], suffices: false });
    expect(prepared([no, unreadable, ofAnotherSchema])).toEqual({ texts: [], suffices: false });
    expect(prepared([good])).toMatchObject({ texts: [{ shape: good.id }], suffices: true });
    expect(prepared([good, no])).toMatchObject({ texts: [{ shape: good.id }], suffices: false });
  });
});

describe('the id of a shape', () => {
  const shape = { surface: 'home', document: 'd', operationName: 'o', variables: { a: 1 }, first: 5, scopes: ['s'] };

  it('is the same for equal shapes and another for any difference', () => {
    expect(shapeId({ ...shape }, 'c')).toBe(shapeId(shape, 'c'));
    const others = [
      shapeId(shape, 'c2'),
      ...[{ surface: 'x' }, { document: 'x' }, { operationName: 'x' }, { variables: { a: 2 } }, { first: 6 }, { scopes: [] }].map((other) =>
        shapeId({ ...shape, ...other }, 'c'),
      ),
    ];
    expect(new Set([...others, shapeId(shape, 'c')]).size).toBe(others.length + 1);
  });
});
