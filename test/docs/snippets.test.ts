import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { buildSchema } from '../../src/gateway/build-schema';
import { CLOSE } from '../../src/gateway/socket/close-codes';
import { configSchema } from '../../src/platform/config';
import { loadTenantSettings, modelOptions } from '../../src/tenants/tenant-settings';
import { itemKnn } from '../../src/models/item-knn/item-knn';
import { factor } from '../../src/models/factor/factor';

const ROOT = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

const PAGES = ['README.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];

/** The fenced blocks of one language, with where they stand. */
function blocksOf(page: string, language: string): [string, string][] {
  const fences = read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  const blocks = [...fences].filter(([, name]) => name === language);
  return blocks.map(([, , text], k): [string, string] => [`${page}, block ${k + 1}`, text!]);
}

/** The documents that shell blocks give to the `gql` of the tour. */
const typedDocuments = (page: string): [string, string][] =>
  blocksOf(page, 'sh').flatMap(([where, text]) =>
    [...text.matchAll(/\bgql ('[^']+'|"(?:[^"\\]|\\.)+")/g)].map(([, quoted], k): [string, string] => [
      `${where}, gql ${k + 1}`,
      quoted!.slice(1, -1).replaceAll('\\"', '"'),
    ]),
  );

const snippets = PAGES.flatMap((page) => [...blocksOf(page, 'graphql'), ...typedDocuments(page)]);

it('finds the snippets', () => expect(snippets.length).toBeGreaterThan(12));

describe('every GraphQL snippet of the documentation is valid', () => {
  const schema = buildSchema();
  it.each(snippets)('%s', (_where, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });
});

describe('the worked example of docs/tenants-file.md', () => {
  const [[, text]] = blocksOf('docs/tenants-file.md', 'json') as [[string, string]];
  const tenants = loadTenantSettings(JSON.parse(text));

  it('loads, and means what the page says', () => {
    expect([...tenants.keys()]).toEqual(['garden', 'press']);
    const garden = tenants.get('garden')!;
    expect([...garden.surfaces.keys()]).toEqual(['home', 'product', 'cart', 'newsletter']);
    expect(garden.behaviour.types['pin']).toMatchObject({ strength: 4 });
    expect(garden.behaviour.types['view']).toMatchObject({ strength: 1 });
    expect(garden.surfaces.get('newsletter')).toMatchObject({ size: 30, rules: { maxPerSeller: 2, excludeSeen: 'positive' } });
    expect(garden.surfaces.get('newsletter')!.blend.weights).toEqual({ factor: 2, 'item-knn': 1, 'content-based': 0.5 });
    expect(garden.surfaces.get('home')!.blend.weights).not.toHaveProperty('session-knn');
    expect([...tenants.get('press')!.surfaces.keys()]).toEqual(['home', 'article']);
  });

  it('names options that its models have', () => {
    const garden = tenants.get('garden')!;
    expect(modelOptions(factor, garden)).toMatchObject({ dimensions: 32, epochs: 12 });
    expect(modelOptions(itemKnn, garden)).toMatchObject({ k: 50 });
  });
});

describe('what the pages name is there', () => {
  const scripts = (JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }).scripts;
  const everything = PAGES.map((page): [string, string] => [page, read(page)]);

  it.each(everything)('npm scripts of %s', (_page, text) => {
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:]+(?:-[\w:]+)*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts) && name !== 'bench:NAME')).toEqual([]);
  });

  it('every close code is in docs/protocol.md', () => {
    const protocol = read('docs/protocol.md');
    const codes = Object.values(CLOSE).map((close) => String(typeof close === 'number' ? close : close.code));
    expect(codes.filter((code) => !protocol.includes(`\`${code}\``))).toEqual([]);
  });

  it('every metric of the code is in docs/operations.md, and no other', () => {
    const sources = [...filesIn('src', '.ts'), ...filesIn('workers', '.ts')].map(read).join('\n');
    const made = new Set([...sources.matchAll(/'(beckon_[a-z]\w+)'/g)].map(([, name]) => name!));
    const told = new Set([...read('docs/operations.md').matchAll(/^\| `(beckon_[a-z]\w+)`/gm)].map(([, name]) => name!));
    expect([...told].sort()).toEqual([...made].sort());
  });

  it('every setting is in docs/configuration.md', () => {
    const page = read('docs/configuration.md');
    expect(Object.keys(configSchema.shape).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
