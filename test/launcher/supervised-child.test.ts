import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SupervisedChild, type Supervision } from '../../src/launcher/supervised-child';
import { identityOf, isRunning } from '../../src/platform/child-process';
import { EventEmitter } from 'node:events';

/** A child that runs `script`, and what its supervisor says, as events. */
function supervise(script: string, options: Partial<Supervision> = {}): { child: SupervisedChild; events: EventEmitter; pauses: number[] } {
  const events = new EventEmitter();
  const pauses: number[] = [];
  const child = new SupervisedChild(
    { name: 'the child', args: ['-e', script], env: process.env, stopWithinMs: 2_000 },
    {
      backoffMs: 1,
      onRestart: (why, pauseMs) => {
        pauses.push(pauseMs);
        events.emit('restart', why);
      },
      onGiveUp: (why) => events.emit('given up', why),
      ...options,
    },
  );
  return { child, events, pauses };
}

describe('SupervisedChild', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beckon-child-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('starts a child again that was killed', async () => {
    const { child, events } = supervise('setInterval(() => undefined, 1000)');
    child.start();
    const first = child.pid ?? 0;
    const restart = once(events, 'restart');
    process.kill(first, 'SIGKILL');
    expect(await restart).toEqual(['the child ended (SIGKILL)']);
    await until(() => child.pid !== undefined);
    expect(child.pid).not.toBe(first);
    await child.stop();
  });

  it('doubles the pause with each death in a row, up to the limit, then gives up', async () => {
    const { child, events, pauses } = supervise('process.exit(3)', { backoffMs: 2, maxBackoffMs: 5, giveUpAfter: 5 });
    const givenUp = once(events, 'given up');
    child.start();
    expect(await givenUp).toEqual(['the child ended (exit code 3), 5 times in a row']);
    expect(pauses).toEqual([2, 4, 5, 5]);
    expect(child.pid).toBeUndefined();
  });

  it('forgets the deaths of a child that has lived long enough', async () => {
    const { child, events, pauses } = supervise('', { healthyAfterMs: 0, giveUpAfter: 3 });
    child.start();
    for (let death = 0; death < 5; death++) await once(events, 'restart');
    await child.stop();
    expect(pauses.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
  });

  it('stops it for good, and lets it finish first', async () => {
    const file = join(folder, 'done');
    const { child, events, pauses } = supervise(
      `process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(file)}, 'finished'); process.exit(); });
       require('fs').writeFileSync(${JSON.stringify(file)}, 'ready');
       setInterval(() => undefined, 1000);`,
    );
    child.start();
    await until(async () => (await readFile(file, 'utf8').catch(() => '')) === 'ready');
    const identity = identityOf(child.pid ?? 0);
    await child.stop();
    await child.stop();
    expect(await readFile(file, 'utf8')).toBe('finished');
    expect(isRunning(identity)).toBe(false);
    expect(pauses).toEqual([]);
    expect(events.listenerCount('restart')).toBe(0);
  });

  it('kills one that does not listen', async () => {
    const file = join(folder, 'ready');
    const { child } = supervise(
      `process.on('SIGTERM', () => undefined); require('fs').writeFileSync(${JSON.stringify(file)}, 'ready'); setInterval(() => undefined, 1000);`,
    );
    child.start();
    await until(async () => (await readFile(file, 'utf8').catch(() => '')) === 'ready');
    const identity = identityOf(child.pid ?? 0);
    await child.kill();
    expect(isRunning(identity)).toBe(false);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
