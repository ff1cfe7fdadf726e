import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { addApiOptions } from '../../src/cli/api-options';
import { parseLaunchOptions } from '../../src/launcher/launch-options';
import { welcome } from '../../src/launcher/welcome';

describe('parseLaunchOptions', () => {
  it('starts the demo shop of the default tenant below the data folder', () => {
    expect(parseLaunchOptions([], 'data')).toEqual({
      preset: 'shop',
      dataset: undefined,
      dataDir: resolve('data/demo'),
      port: undefined,
      workerPort: undefined,
      tenant: 'default',
      seed: 1,
      demoItems: undefined,
      demoUsers: undefined,
      empty: false,
    });
  });

  it.each([
    [['--dataset', '../shared/data/ml-100k'], 'data/ml-100k'],
    [['--dataset', '../shared/data/ml-100k/'], 'data/ml-100k'],
    [['--dataset', 'ml-100k', '--data', 'elsewhere'], 'elsewhere'],
    [['--data', '/srv/beckon'], '/srv/beckon'],
    [['--preset', 'news'], 'data/demo-news'],
    [['--preset', 'news', '--dataset', 'ml-100k'], 'data/ml-100k'],
  ])('keeps %j in %s', (args, folder) => {
    expect(parseLaunchOptions(args, 'data').dataDir).toBe(resolve(folder));
  });

  it('reads numbers', () => {
    expect(parseLaunchOptions(['--port', '0', '--worker-port', '4101', '--seed', '7', '--demo-items', '50'], 'data')).toMatchObject({
      port: 0,
      workerPort: 4101,
      seed: 7,
      demoItems: 50,
    });
  });
});

describe('welcome', () => {
  const facts = {
    url: 'http://127.0.0.1:4000',
    workerUrl: 'http://127.0.0.1:4001',
    tenant: 'default',
    dataDir: '/srv/data',
    processes: { launcher: 1, gateway: 2, worker: 3, redis: undefined },
    example: { userId: `o'brien`, itemId: 'a "quoted" item' },
    surface: 'home',
    auth: 'development' as const,
  };

  /** What a shell makes of a pasted command, argument by argument. */
  const argumentsOf = (command: string): string[] =>
    execFileSync('/bin/sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);

  it('prints commands that a shell takes as they are, whatever is in the names', () => {
    const commands = welcome(facts).match(/ {2}curl -s .*\\\n.*/g) ?? [];
    expect(commands).toHaveLength(2);
    const [record = [], ask = []] = commands.map(argumentsOf);
    expect(record.slice(0, 6)).toEqual([
      '-s',
      'http://127.0.0.1:4000/graphql',
      '-H',
      'content-type: application/json',
      '-H',
      `x-beckon-user: o'brien`,
    ]);
    expect((JSON.parse(record.at(-1) ?? '') as { query: string }).query).toContain('itemId: "a \\"quoted\\" item"');
    expect((JSON.parse(ask.at(-1) ?? '') as { query: string }).query).toMatch(/^\{ recommendations\(first: 5\)/);
  });

  it('names the processes that run', () => {
    expect(welcome(facts)).toContain('processes: launcher 1, gateway 2, worker 3\n');
    expect(welcome(facts)).toContain('data in the Redis of REDIS_URL');
    expect(welcome({ ...facts, processes: { ...facts.processes, redis: 4 } })).toMatch(/data in \/srv\/data\n.*, redis 4\n/);
  });

  it('names the address and the tenant where they are not the default ones', () => {
    expect(welcome(facts)).toContain(`npm run beckon -- watch 'o'\\''brien'\n`);
    expect(welcome({ ...facts, url: 'http://127.0.0.1:4010', tenant: 'shop' })).toContain(
      '--url http://127.0.0.1:4010/graphql --tenant shop',
    );
  });

  it('names the surface where it is not the default one', () => {
    const text = welcome({ ...facts, surface: 'feed' });
    expect(text).toContain(`npm run beckon -- watch 'o'\\''brien' --surface feed\n`);
    expect(text).toContain('recommendations(surface: \\"feed\\", first: 5)');
  });

  it('takes the token from the variable that the client reads too', () => {
    const option = addApiOptions(new Command()).options.find(({ long }) => long === '--token');
    const text = welcome({ ...facts, auth: 'jwt' });
    expect(text).toContain(`-H 'authorization: Bearer '"$${option?.envVar}"`);
    expect(text).toContain(`export ${option?.envVar}=`);
    expect(text).not.toMatch(/\$(?!BECKON_TOKEN)/);
  });
});
