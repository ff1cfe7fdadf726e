import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateScript } from './evaluate-script';

interface Plan {
  readonly byHand?: string;
  readonly manager?: string;
  readonly refresh?: string[];
  readonly tries?: string[][];
}

interface Machine {
  readonly programs: readonly string[];
  readonly isRoot?: boolean;
  readonly maySudo?: boolean;
  readonly platform?: string;
}

const plan = ({ programs, isRoot = false, maySudo = false, platform = 'linux' }: Machine): Promise<Plan> =>
  evaluateScript<Plan>(
    'setup/redis-plan.mjs',
    ['planInstall'],
    `const programs = ${JSON.stringify(programs)};
     return planInstall({ has: (name) => programs.includes(name), isRoot: ${isRoot}, maySudo: () => ${maySudo}, platform: '${platform}' });`,
  );

describe('planInstall', () => {
  it.each([
    ['apt-get', 'redis-server'],
    ['dnf', 'valkey'],
    ['yum', 'redis'],
    ['apk', 'redis'],
    ['pacman', 'valkey'],
    ['zypper', 'redis'],
  ])('as root installs with %s, %s first and the other one if there is none', async (manager, preferred) => {
    const { tries = [], byHand } = await plan({ programs: [manager], isRoot: true });
    expect(byHand).toBeUndefined();
    expect(tries.map((step) => step[0])).toEqual([manager, manager]);
    expect(tries.map((step) => step.at(-1))[0]).toBe(preferred);
    expect(new Set(tries.map((step) => step.at(-1)?.replace('-server', '')))).toEqual(new Set(['redis', 'valkey']));
  });

  it('refreshes the package lists of apt first: those of a new machine are empty', async () => {
    expect((await plan({ programs: ['apt-get'], isRoot: true })).refresh).toEqual(['apt-get', 'update']);
  });

  it('uses sudo where it asks for no password', async () => {
    const { refresh, tries = [] } = await plan({ programs: ['apt-get', 'sudo'], maySudo: true });
    expect(refresh).toEqual(['sudo', '-n', 'apt-get', 'update']);
    expect(tries[0]?.slice(0, 3)).toEqual(['sudo', '-n', 'apt-get']);
  });

  it('says what to run where it may not', async () => {
    for (const programs of [['apt-get'], ['apt-get', 'sudo']]) {
      const { byHand, tries } = await plan({ programs });
      expect(tries).toBeUndefined();
      expect(byHand).toContain('  sudo apt-get update\n');
      expect(byHand).toMatch(/ {2}sudo apt-get .*install -y .*redis-server\n/);
      expect(byHand).toContain('REDIS_URL');
    }
  });

  it('runs brew as the user, never as root', async () => {
    expect((await plan({ programs: ['brew'], platform: 'darwin' })).tries).toEqual([
      ['brew', 'install', 'redis'],
      ['brew', 'install', 'valkey'],
    ]);
    expect((await plan({ programs: ['brew'], platform: 'darwin', isRoot: true })).byHand).toContain(
      'As yourself, run:\n  brew install redis',
    );
  });

  it('says so when it knows no package manager, and on Windows', async () => {
    expect((await plan({ programs: [], isRoot: true })).byHand).toContain('knows no package manager');
    expect((await plan({ programs: [], platform: 'win32' })).byHand).toContain('WSL');
  });
});

describe('checkNodeVersion', () => {
  it('accepts 20.11 and later, and explains what to do otherwise', async () => {
    const versions = ['18.20.4', '20.10.0', '20.11.0', '20.20.2', '22.0.0'];
    const problems = await evaluateScript<(string | null)[]>(
      'setup/node-version.mjs',
      ['checkNodeVersion'],
      `return ${JSON.stringify(versions)}.map((version) => checkNodeVersion(version) ?? null);`,
    );
    expect(problems.map((problem) => problem === null)).toEqual([false, false, true, true, true]);
    expect(problems[0]).toContain('needs Node 20.11 or newer; this is Node 18.20.4');
  });
});

describe('lacksPackages', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', dev: true },
      'node_modules/other-platform': { version: '3.0.0', optional: true },
    },
  };
  const lacks = (installed: unknown): Promise<boolean> =>
    evaluateScript(
      'setup/packages.mjs',
      ['lacksPackages'],
      `return lacksPackages(${JSON.stringify(wanted)}, ${installed === undefined ? 'undefined' : JSON.stringify(installed)});`,
    );

  it.each<[string, boolean, unknown]>([
    ['nothing is installed', true, undefined],
    ['all is there', false, { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } } }],
    [
      'the optional one is there too, built by hand after npm had left it out',
      false,
      {
        packages: {
          'node_modules/a': { version: '1.0.0' },
          'node_modules/b': { version: '2.0.0' },
          'node_modules/other-platform': { version: '3.0.0', optional: true },
        },
      },
    ],
    ['one is of another version', true, { packages: { 'node_modules/a': { version: '1.0.1' }, 'node_modules/b': { version: '2.0.0' } } }],
    ['the development packages were left out', true, { packages: { 'node_modules/a': { version: '1.0.0' } } }],
    [
      'an optional one is there too, of another version',
      true,
      {
        packages: {
          'node_modules/a': { version: '1.0.0' },
          'node_modules/b': { version: '2.0.0' },
          'node_modules/other-platform': { version: '3.0.1' },
        },
      },
    ],
  ])('when %s: %s', async (_case, expected, installed) => {
    expect(await lacks(installed)).toBe(expected);
  });
});

describe('withLock', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beckon-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('runs one after the other, also when both start at once', async () => {
    const log = join(folder, 'log');
    const run = (): Promise<null> =>
      evaluateScript(
        'setup/lock.mjs',
        ['withLock'],
        `const { appendFileSync } = await import('node:fs');
         const { setImmediate: turn } = await import('node:timers/promises');
         await withLock(() => undefined, async () => {
           for (let i = 0; i < 50; i++) { appendFileSync(${JSON.stringify(log)}, process.pid + ' '); await turn(); }
         }, ${JSON.stringify(folder)});`,
      );
    await Promise.all([run(), run(), run()]);
    const pids = (await import('node:fs')).readFileSync(log, 'utf8').trim().split(' ');
    const changes = pids.filter((pid, at) => at > 0 && pid !== pids[at - 1]).length;
    expect(pids).toHaveLength(150);
    expect(changes).toBe(2);
  });

  it('breaks the lock of a process that is gone', async () => {
    await writeFile(join(folder, '.setup.lock'), '999999999');
    expect(
      await evaluateScript('setup/lock.mjs', ['withLock'], `return withLock(() => undefined, () => 'ran', ${JSON.stringify(folder)});`),
    ).toBe('ran');
  });
});

describe('brokenLinks', () => {
  const check = (text: string): Promise<unknown> =>
    evaluateScript(
      'docs-links.mjs',
      ['brokenLinks'],
      `const pages = { 'other.md': '# One thing\\n## \`Code\` & more\\n## One thing', 'image.png': '' };
       const text = ${JSON.stringify(text)};
       return brokenLinks(text, { exists: (path) => path in pages, read: (path) => (path === '' ? text : pages[path]) });`,
    );

  it('accepts files, headings by their GitHub anchors, addresses, and whatever is in code', async () => {
    const text = [
      '# Here',
      '[a](other.md) [b](other.md#one-thing) [c](other.md#code--more) [d](other.md#one-thing-1) [e](#here) ![f](image.png "title")',
      '[g](https://example.org/nowhere.md) `[h](nowhere.md)`',
      '```md',
      '[i](nowhere.md)',
      '```',
      '[j]: other.md',
    ].join('\n');
    expect(await check(text)).toEqual([]);
  });

  it('names the line of each link that leads nowhere', async () => {
    expect(await check('\n[a](nowhere.md)\n[b](other.md#two) [c](#gone)\n\n[d]: gone.md')).toEqual([
      { line: 2, link: 'nowhere.md', why: 'no such file' },
      { line: 3, link: 'other.md#two', why: 'no heading #two' },
      { line: 3, link: '#gone', why: 'no heading #gone' },
      { line: 5, link: 'gone.md', why: 'no such file' },
    ]);
  });
});
