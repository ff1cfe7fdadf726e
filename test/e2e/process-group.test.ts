import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { itemId, record, stockShop } from '../support/shop';

const WATCHERS = 8;

/** What a process of the group says when it is ready. */
interface Member {
  readonly pid: number;
  readonly port: number;
  readonly place: number;
  readonly ownPort: number;
}

let beckon: Beckon;
let screens: ListWatcher[] = [];

/** Every start of a process so far, oldest first. */
const starts = (): Member[] =>
  beckon.gateway.lines.filter((line) => line.includes('gateway is ready')).map((line) => JSON.parse(line) as Member);
/** The processes that hold the places now. */
const members = (): Member[] => [...new Map(starts().map((member) => [member.place, member])).values()];

async function metric(member: Member, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${member.ownPort}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}
const socketsOf = (of: readonly Member[]): Promise<number[]> => Promise.all(of.map((member) => metric(member, 'beckon_gateway_sockets')));

/** Each watcher does something, and sees the list that has it. */
async function everybodySeesTheirOwn(n: number): Promise<void> {
  await Promise.all(
    screens.map(async (screen) => {
      const { users } = await eventually(() => record(beckon.as(screen.userId), [{ id: `b-${n}`, type: 'view', itemId: itemId(n) }]));
      await screen.covering(users[0]!.seq);
    }),
  );
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

beforeAll(async () => {
  beckon = await Beckon.start({ env: { GATEWAY_PROCESSES: '2', PROCESS_PORT: '0' } });
  await eventually(() => expect(starts()).toHaveLength(2), { withinMs: 30_000 });
  await stockShop(beckon.as('operator'), 20);
  screens = Array.from({ length: WATCHERS }, (_, n) => new ListWatcher(`u-${n}`, beckon.as(`u-${n}`)));
  await Promise.all(screens.map((screen) => screen.until(() => true)));
}, 60_000);
afterAll(async () => {
  await Promise.all(screens.map((screen) => screen.stop()));
  await beckon?.stop();
});

describe('gateway processes that share a port', () => {
  it('take sockets in turn, each with health and metrics of its own', () =>
    beckon.explaining(async () => {
      expect(new Set(members().map(({ port }) => port)).size).toBe(1);
      expect(new Set(members().flatMap(({ pid, ownPort }) => [pid, ownPort])).size).toBe(4);
      const sockets = await socketsOf(members());
      expect(sockets.reduce((sum, count) => sum + count, 0)).toBe(WATCHERS);
      for (const count of sockets) expect(count).toBeGreaterThan(0);
      for (const { ownPort } of members()) {
        const answer = await fetch(`http://127.0.0.1:${ownPort}/health/ready`);
        expect([answer.status, await answer.json()]).toMatchObject([200, { ready: true, checks: { store: true, feed: true } }]);
      }
      await everybodySeesTheirOwn(1);
    }));

  it(
    'are started again one by one: the watchers of one that dies come back, and the other goes on',
    () =>
      beckon.explaining(async () => {
        const [dead, other] = members();
        process.kill(dead!.pid, 'SIGKILL');
        await eventually(() => expect(starts()).toHaveLength(3), { withinMs: 20_000 });
        const reborn = starts().at(-1)!;
        expect([reborn.place, reborn.port]).toEqual([dead!.place, dead!.port]);
        expect(isGone(other!.pid)).toBe(false);
        await everybodySeesTheirOwn(2);
        expect((await socketsOf(members())).reduce((sum, count) => sum + count, 0)).toBe(WATCHERS);
      }),
    40_000,
  );

  it(
    'end together when the first process is asked to',
    () =>
      beckon.explaining(async () => {
        const pids = members().map(({ pid }) => pid);
        await Promise.all(screens.map((screen) => screen.stop()));
        screens = [];
        expect(await beckon.gateway.stop()).toBe('ended');
        expect(pids.map(isGone)).toEqual([true, true]);
        expect(beckon.gateway.lines.filter((line) => line.includes('"shutting down"'))).toHaveLength(2);
      }),
    30_000,
  );
});
