import { Heartbeat, type Pinged } from '../../src/gateway/socket/heartbeat';

class Socket implements Pinged {
  asked = 0;
  isSilent = false;
  cut = false;

  constructor(private readonly answers: boolean) {}

  ask(): void {
    this.asked++;
    this.isSilent = !this.answers;
  }

  terminate(): void {
    this.cut = true;
  }
}

const EVERY_MS = 4000;
const ANSWER_MS = 1000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('pings each socket once a period and cuts who has not answered in time, within the period and that time after they went silent', () => {
  const heartbeat = new Heartbeat<Socket>(EVERY_MS, ANSWER_MS);
  const sockets = Array.from({ length: 100 }, (_, k) => new Socket(k % 2 === 0));
  for (const socket of sockets) heartbeat.add(socket);
  jest.advanceTimersByTime(EVERY_MS);
  expect(sockets.every(({ asked }) => asked === 1)).toBe(true);
  jest.advanceTimersByTime(ANSWER_MS);
  expect(sockets.map(({ cut }) => cut)).toEqual(sockets.map((_, k) => k % 2 === 1));
  heartbeat.stop();
});

it('waits for the answer no longer than it was told to', () => {
  const heartbeat = new Heartbeat<Socket>(EVERY_MS, ANSWER_MS);
  const silent = new Socket(false);
  heartbeat.add(silent);
  while (silent.asked === 0) jest.advanceTimersByTime(1);
  jest.advanceTimersByTime(ANSWER_MS - 1);
  expect(silent.cut).toBe(false);
  jest.advanceTimersByTime(1);
  jest.advanceTimersByTime(1); // what has come meanwhile is read
  expect(silent.cut).toBe(true);
  heartbeat.stop();
});

it('leaves in peace who answers late but in time, who has left, and all when it ends', () => {
  const heartbeat = new Heartbeat<Socket>(EVERY_MS, ANSWER_MS);
  const [late, gone, last] = [new Socket(false), new Socket(false), new Socket(false)];
  for (const socket of [late, gone]) heartbeat.add(socket);
  heartbeat.delete(gone);
  while (late.asked === 0) jest.advanceTimersByTime(1);
  late.isSilent = false;
  jest.advanceTimersByTime(ANSWER_MS);
  expect(late.cut).toBe(false);
  expect(gone.asked).toBe(0);
  heartbeat.add(last);
  while (last.asked === 0) jest.advanceTimersByTime(1);
  heartbeat.stop();
  jest.advanceTimersByTime(2 * EVERY_MS);
  expect(last.cut).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});
