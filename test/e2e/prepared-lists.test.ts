import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemIdsOf, ListWatcher } from '../support/list-watcher';
import { itemId, listOf, record, stockShop } from '../support/shop';

let beckon: Beckon | undefined;
afterEach(() => beckon?.stop());

async function counted(metric: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${beckon!.gateway.port}/metrics`)).text();
  return Number(new RegExp(`^${metric} (\\d+)$`, 'm').exec(text)?.[1]);
}
const preparedLists = (): Promise<number> => counted('beckon_gateway_prepared_lists_total');
const wholeReads = (): Promise<number> => counted('beckon_feed_whole_reads_total');

it.each([
  ['2', 'sends lists as workers have written them'],
  ['0', 'writes lists itself'],
])(
  'with PREPARED_SHAPES=%s a gateway %s, and they are the same lists',
  async (shapes) => {
    const own = (beckon = await Beckon.start({ env: { PREPARED_SHAPES: shapes } }));
    await own.explaining(async () => {
      await own.untilFirstTrainingIsOver();
      await stockShop(own.as('operator'));
      const ann = own.as('ann');
      const screen = new ListWatcher('ann', ann);
      await screen.until(({ list }) => list.items.length === 10);
      const lookAgain = async (seq: number): Promise<void> => {
        await record(ann, [{ type: 'view', itemId: itemId(seq % 60) }]);
        const update = await screen.covering(seq);
        const asked = await listOf(ann, 'ann', { minSeq: seq });
        expect(itemIdsOf(update)).toEqual(asked.slice(0, itemIdsOf(update).length));
        expect(update.cause.behaviours[0]!.seq).toBe(seq);
      };
      for (let seq = 1; seq <= 5; seq++) await lookAgain(seq);
      let seq = 6;
      // A worker looks every two seconds what is watched. A view of each item counts once.
      const look = async (): Promise<void> => {
        await lookAgain(seq++);
        expect(await preparedLists()).toBeGreaterThan(0);
      };
      if (shapes !== '0') await eventually(look, { everyMs: 250 });
      else expect(await preparedLists()).toBe(0);
      await screen.stop();
    });
  },
  120_000,
);

it('a subscription that no text is prepared for has every list too: read from the store, until workers announce lists whole again', async () => {
  const own = (beckon = await Beckon.start({ env: { PREPARED_SHAPES: '1' } }));
  await own.explaining(async () => {
    await stockShop(own.as('operator'));
    const ann = own.as('ann');
    const screens = ['phone', 'desk'].map(() => new ListWatcher('ann', ann));
    let seq = 0;
    const push = async (): Promise<void> => {
      await record(ann, [{ type: 'view', itemId: itemId(++seq % 60) }]);
      for (const screen of screens) await screen.covering(seq);
    };
    await eventually(
      async () => {
        await push();
        expect(await preparedLists()).toBeGreaterThan(0);
      },
      { everyMs: 250 },
    );
    expect(await wholeReads()).toBe(0);
    const other = new ListWatcher('ann', ann, { first: 5 });
    screens.push(other);
    const read = await eventually(
      async () => {
        await push();
        const reads = await wholeReads();
        expect(reads).toBeGreaterThan(0);
        return reads;
      },
      { everyMs: 250 },
    );
    let before = read;
    await eventually(
      async () => {
        await push();
        const reads = await wholeReads();
        const grown = reads - before;
        before = reads;
        expect(grown).toBe(0);
      },
      { everyMs: 250 },
    );
    for (const screen of [...screens]) {
      expect(screen.failure).toBeUndefined();
      await screen.stop();
    }
  });
}, 60_000);
