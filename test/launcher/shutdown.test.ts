import { Shutdown } from '../../src/launcher/shutdown';

/** A part whose stop is held until it is let go. */
function part(name: string, log: string[], failure?: Error) {
  return {
    name,
    stop: async () => {
      log.push(`stopping ${name}`);
      await Promise.resolve();
      if (failure) throw failure;
      log.push(`stopped ${name}`);
    },
    kill: async () => void log.push(`killed ${name}`),
  };
}

describe('Shutdown', () => {
  it('stops the parts one after the other, last first, once', async () => {
    const log: string[] = [];
    const shutdown = new Shutdown(() => undefined);
    for (const name of ['redis', 'worker', 'gateway']) await shutdown.add(part(name, log));
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(log).toEqual(['stopping gateway', 'stopped gateway', 'stopping worker', 'stopped worker', 'stopping redis', 'stopped redis']);
  });

  it('tells a failure and stops the others all the same', async () => {
    const log: string[] = [];
    const failures: string[] = [];
    const shutdown = new Shutdown((name, error) => failures.push(`${name}: ${String(error)}`));
    await shutdown.add(part('redis', log));
    await shutdown.add(part('worker', log, new Error('stuck')));
    await shutdown.run();
    expect(failures).toEqual(['worker: Error: stuck']);
    expect(log).toEqual(['stopping worker', 'stopping redis', 'stopped redis']);
  });

  it('stops a part that has started too late at once', async () => {
    const log: string[] = [];
    const shutdown = new Shutdown(() => undefined);
    await shutdown.run();
    await shutdown.add(part('gateway', log));
    expect(log).toEqual(['stopping gateway', 'stopped gateway']);
  });

  it('kills all parts, those without a kill too', async () => {
    const log: string[] = [];
    const shutdown = new Shutdown(() => undefined);
    await shutdown.add(part('redis', log));
    await shutdown.add({ name: 'connection', stop: async () => undefined });
    await shutdown.kill();
    expect(log).toEqual(['killed redis']);
    expect(shutdown.begun).toBe(true);
  });
});
