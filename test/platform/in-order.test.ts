import { InOrder } from '../../src/platform/in-order';

it('gives what waits in the order in which it came, also when more comes between', () => {
  const queue = new InOrder<number>();
  expect([queue.first, queue.take(), queue.size]).toEqual([undefined, undefined, 0]);
  let added = 0;
  for (let taken = 0; taken < 5000; taken++) {
    while (added < taken + 3) queue.add(added++); // never empty, so that what is over has to be let go of
    expect(queue.first).toBe(taken);
    expect(queue.take()).toBe(taken);
  }
  expect(queue.size).toBe(2);
  expect(queue.takeAll()).toEqual([5000, 5001]);
  expect(queue.size).toBe(0);
});
