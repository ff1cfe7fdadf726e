import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateScript } from './evaluate-script';

interface Plan {
  readonly byHand?: string;
  readonly compiler?: string;
  readonly source?: { readonly name: string };
}

interface Machine {
  readonly programs: readonly string[];
  readonly platform?: string;
  readonly arch?: string;
  readonly isGlibc?: boolean;
}

describe('planTfjsNode', () => {
  const plan = ({ programs, platform = 'linux', arch = 'x64', isGlibc = true }: Machine): Promise<Plan> =>
    evaluateScript<Plan>(
      'setup/tfjs-node-plan.mjs',
      ['planTfjsNode'],
      `const { SOURCES: sources } = await import('./scripts/setup/tensorflow-library.mjs');
       const has = ([program]) => ${JSON.stringify(programs)}.includes(program);
       return planTfjsNode({ platform: '${platform}', arch: '${arch}', isGlibc: ${isGlibc}, has, sources, compilers: ['g++', 'clang++'] });`,
    );

  it('takes the library by Maven, which has the smaller one, else by pip', async () => {
    expect((await plan({ programs: ['mvn', 'python3', 'g++'] })).source?.name).toContain('Maven');
    const byPip = await plan({ programs: ['python3', 'clang++'] });
    expect([byPip.source?.name, byPip.compiler]).toEqual(['tensorflow-cpu 2.15.1, by pip', 'clang++']);
  });

  it('names everything that is missing', async () => {
    const { byHand } = await plan({ programs: [] });
    expect(byHand).toContain('a C++ compiler');
    expect(byHand).toContain('Maven');
    expect(byHand).toContain('pip');
    expect((await plan({ programs: ['g++'] })).byHand).not.toContain('compiler');
  });

  it.each<[string, Partial<Machine>]>([
    ['darwin arm64', { platform: 'darwin', arch: 'arm64' }],
    ['linux arm64', { arch: 'arm64' }],
    ['linux x64 without glibc', { isGlibc: false }],
  ])('says that there is nothing for %s, and that it works without', async (name, machine) => {
    const { byHand } = await plan({ programs: ['mvn', 'g++'], ...machine });
    expect(byHand).toContain(`this is ${name}.`);
    expect(byHand).toContain('WebAssembly');
  });
});

it('refuses a library of another SHA-256 sum, and unpacks nothing of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'beckon-library-'));
  try {
    const library = join(folder, 'lib');
    const problem = await evaluateScript<string>(
      'setup/tensorflow-library.mjs',
      ['installLibrary', 'SOURCES'],
      `const fetch = (to) => [process.execPath, '-e', "require('fs').writeFileSync(process.argv[1], 'other')", to + '/package.jar'];
       const options = { library: ${JSON.stringify(library)}, scratch: ${JSON.stringify(folder)}, home: ${JSON.stringify(folder)} };
       return installLibrary({ ...SOURCES[0], fetch }, options);`,
    );
    expect(problem).toMatch(
      /package\.jar has the SHA-256 sum d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa, not f394c5/,
    );
    expect([existsSync(library), existsSync(`${library}.new`)]).toEqual([false, false]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
