import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaLimits } from '../../../../src/catalogue/features/media/media-limits';
import { isPublicAddress } from '../../../../src/catalogue/features/media/public-address';
import { isAllowedSource, readMedia, stateOfMedia, type MediaSources } from '../../../../src/catalogue/features/media/read-media';

const limits = mediaLimits.parse({ maxBytes: 1000, deadlineMs: 20_000 });
let folder: string;
let uploads: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beckon-uploads-'));
  uploads = join(folder, 'uploads');
  await mkdir(join(uploads, 'in'), { recursive: true });
  await writeFile(join(uploads, 'in', 'a.png'), 'picture');
  await writeFile(join(uploads, 'large.png'), Buffer.alloc(1001));
  await writeFile(join(folder, 'secret'), 'secret');
  await symlink(join(folder, 'secret'), join(uploads, 'link.png'));
  server = createServer((asked, answer) => {
    if (asked.url === '/picture') answer.end('picture');
    else if (asked.url === '/moved') answer.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else if (asked.url === '/endless') answer.on('drain', () => answer.write(Buffer.alloc(500))).write(Buffer.alloc(100_000));
    else if (asked.url === '/broken') answer.writeHead(200, { 'content-length': 50 }).write('x', () => asked.socket.destroy());
    // anything else waits for ever
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** A host that is allowed, which the server above stands for. */
const sources = (over: Partial<MediaSources> = {}): MediaSources => ({
  uploads,
  hosts: ['files.example'],
  addressesOf: async () => ['127.0.0.1'],
  allows: () => true,
  ask: (url, options) => httpRequest({ ...options, host: url.hostname, port: (server.address() as AddressInfo).port, path: url.pathname }),
  ...over,
});
const read = (source: string, over: Partial<MediaSources> = {}): Promise<string> =>
  readMedia('image', source, sources(over), limits).then(String);

describe('what may be read', () => {
  it.each([
    ['upload:a.png', true],
    ['https://files.example/a.png', true],
    ['https://files.example:8443/a.png', true],
    ['http://files.example/a.png', false],
    ['https://other.example/a.png', false],
    ['https://files.example.other/a.png', false],
    ['https://user:password@files.example/a.png', false],
    ['https://files.example@other.example/', false],
    ['file:///etc/passwd', false],
    ['data:image/png;base64,AAAA', false],
    ['/etc/passwd', false],
  ])('%s: %s', (source, allowed) => expect(isAllowedSource(source, sources())).toBe(allowed));

  it('is nothing where nothing is configured', () => {
    const nothing = { uploads: undefined, hosts: [] };
    expect(['upload:a.png', 'https://files.example/a.png'].map((source) => isAllowedSource(source, nothing))).toEqual([false, false]);
  });
});

describe('an upload', () => {
  it('is read from its folder', async () => {
    expect(await read('upload:in/a.png')).toBe('picture');
    expect(await stateOfMedia('upload:in/a.png', sources())).toMatch(/ 7$/);
  });

  it.each([
    ['upload:../secret', 'not_allowed'],
    ['upload:link.png', 'not_allowed'],
    ['upload:in', 'unreachable'],
    ['upload:', 'not_allowed'],
    ['upload:none.png', 'unreachable'],
    ['upload:a\0.png', 'unreachable'],
    ['upload:large.png', 'too_large'],
  ])('%j is refused: %s', async (source, reason) => {
    await expect(read(source)).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'image', reason });
  });
});

describe('a file of a host', () => {
  it('is fetched', async () => expect(await read('https://files.example/picture')).toBe('picture'));

  it.each([
    ['that has moved: it is not followed', '/moved', 'unreachable'],
    ['that does not end', '/endless', 'too_large'],
    ['that breaks off', '/broken', 'unreachable'],
  ])('%s', async (_, path, reason) => {
    await expect(read(`https://files.example${path}`)).rejects.toMatchObject({ code: 'BAD_INPUT', reason });
  });

  it('that does not come is not waited for', async () => {
    const impatient = { ...limits, deadlineMs: 100 };
    await expect(readMedia('image', 'https://files.example/never', sources(), impatient)).rejects.toMatchObject({ reason: 'too_slow' });
  });

  it.each([[['127.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['::ffff:127.0.0.1']], [['169.254.169.254']]])(
    'at %j is not asked',
    async (addresses) => {
      const asked = jest.fn();
      await expect(read('https://files.example/picture', { addressesOf: async () => addresses, allows: isPublicAddress, ask: asked })).rejects.toMatchObject({ reason: 'not_allowed' }); // prettier-ignore
      expect(asked).not.toHaveBeenCalled();
    },
  );

  it('is asked at the very address that was looked at', async () => {
    const seen: unknown[] = [];
    await read('https://files.example/picture', {
      ask: (url, options) => {
        options.lookup!(url.hostname, { all: true }, (_, found) => seen.push(found));
        options.lookup!(url.hostname, {}, (_, address, family) => seen.push(address, family));
        return sources().ask!(url, options);
      },
    });
    expect(seen).toEqual([[{ address: '127.0.0.1', family: 4 }], '127.0.0.1', 4]);
  });
});

it.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['no address', false],
])('%s is public: %s', (address, expected) => expect(isPublicAddress(address)).toBe(expected));
