import { gzipSync } from 'node:zlib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { AUDIO_WIDTH } from '../../../../src/catalogue/features/media/audio-descriptor';
import { describeMedia } from '../../../../src/catalogue/features/media/describe-media';
import { IMAGE_WIDTH } from '../../../../src/catalogue/features/media/image-descriptor';
import { mediaLimits, type MediaLimits } from '../../../../src/catalogue/features/media/media-limits';
import type { MediaKind } from '../../../../src/catalogue/features/media/media-refused';
import { MediaSandbox } from '../../../../src/catalogue/features/media/media-sandbox';
import { pngClaiming, tone, wav } from './media-files';

const BUILT = join(__dirname, '../../../../dist/src/catalogue/features/media/decode-child.js');
const limits = mediaLimits.parse({ deadlineMs: 20_000 });
const sandbox = new MediaSandbox({ script: BUILT });
const picture = (background: string): sharp.Sharp => sharp({ create: { width: 40, height: 30, channels: 3, background } });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beckon-media-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A process that runs `code` in place of the decoder. */
async function running(code: string, over: Partial<MediaLimits> = {}): Promise<unknown> {
  const script = join(folder, `script-${Object.keys(over).join('')}-${code.length}.js`);
  await writeFile(script, code);
  return new MediaSandbox({ script }).describe('image', Buffer.from('x'), { ...limits, ...over });
}
/** What the process would answer; asked in this one, which is quicker. */
async function refusal(kind: MediaKind, bytes: Uint8Array, over: Partial<MediaLimits> = {}): Promise<string> {
  const answer = await describeMedia({ ...limits, ...over, kind }, bytes);
  return answer.kind === 'refused' ? answer.reason : answer.kind;
}

describe('a file', () => {
  it('is described by what it shows', async () => {
    const [red, blue] = await Promise.all(
      ['#d01010', '#1010d0'].map(async (colour) => sandbox.describe('image', await picture(colour).png().toBuffer(), limits)),
    );
    expect([red!.length, blue!.length]).toEqual([IMAGE_WIDTH, IMAGE_WIDTH]);
    expect(red!.findIndex((value) => value > 0.9)).toBe(3 * 16);
    expect(blue!.findIndex((value) => value > 0.9)).toBe(3);
  });

  it('is described by what is heard', async () => {
    const [low, high] = await Promise.all([200, 4000].map((hertz) => sandbox.describe('audio', wav({ samples: tone(hertz) }), limits)));
    expect([low!.length, high!.length]).toEqual([AUDIO_WIDTH, AUDIO_WIDTH]);
    expect(high![15]!).toBeGreaterThan(5 * low![15]!); // centre of the spectrum
  });

  it.each<[string, MediaKind, () => Buffer | Promise<Buffer>, string, Partial<MediaLimits>?]>([
    [
      'a vector drawing, which could name other files',
      'image',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'unsupported',
    ],
    ['a gzip bomb', 'image', () => gzipSync(Buffer.alloc(50_000_000)), 'unsupported'],
    ['a PNG of 100 bytes that claims 3.6 gigapixels', 'image', () => pngClaiming(60_000, 60_000, 100), 'too_many_pixels'],
    ['an image of more pixels than allowed', 'image', () => picture('#fff').png().toBuffer(), 'too_many_pixels', { maxPixels: 1199 }],
    ['a PNG that is cut', 'image', async () => (await picture('#123').png().toBuffer()).subarray(0, 60), 'broken'],
    ['a JPEG that is cut', 'image', async () => (await picture('#123').jpeg().toBuffer()).subarray(0, 200), 'broken'],
    ['a PNG with nothing but a head', 'image', () => pngClaiming(10, 10, 0), 'broken'],
    ['no sound', 'audio', () => Buffer.from('ID3 this is an MP3'), 'unsupported'],
    ['a WAV that promises 4 GB', 'audio', () => wav({ samples: [0], lies: { dataBytes: 0xffffffff } }), 'broken'],
    ['a WAV that contradicts itself', 'audio', () => wav({ samples: tone(1), lies: { blockBytes: 1 } }), 'broken'],
    ['a WAV of another encoding', 'audio', () => wav({ samples: tone(1), lies: { encoding: 0x55 } }), 'unsupported'],
    ['a WAV without a sample', 'audio', () => wav({ samples: [] }), 'broken'],
    [
      'a WAV longer than allowed',
      'audio',
      () => wav({ samples: Array<number>(8100).fill(0), sampleRate: 4000 }),
      'too_long',
      { maxSeconds: 2 },
    ],
  ])('%s is refused', async (_, kind, make, reason, over = {}) => {
    expect(await refusal(kind, await make(), over)).toBe(reason);
  });

  it('that is a bomb comes to nothing: its head, or what is behind it, is not believed', async () => {
    const within = { ...limits, memoryMb: 256 };
    await expect(sandbox.describe('image', pngClaiming(60_000, 60_000, 100), within)).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'image', reason: 'too_many_pixels' }); // prettier-ignore
    // 150 MB behind a head of 100 × 100 pixels: no more is unpacked than the head promised.
    expect(await sandbox.describe('image', pngClaiming(100, 100, 150_000_000), within)).toHaveLength(IMAGE_WIDTH);
    await expect(sandbox.describe('audio', wav({ samples: [0], lies: { dataBytes: 0xffffffff } }), within)).rejects.toMatchObject({ field: 'audio', reason: 'broken' }); // prettier-ignore
  });

  it('larger than allowed is not even handed over', async () => {
    await expect(sandbox.describe('image', Buffer.alloc(101), { ...limits, maxBytes: 100 })).rejects.toMatchObject({ reason: 'too_large' });
  });
});

describe('the process that decodes', () => {
  it('is killed at the deadline', async () => {
    await expect(running('for (;;);', { deadlineMs: 300 })).rejects.toMatchObject({ code: 'BAD_INPUT', reason: 'too_slow' });
  });

  it('gets no more memory than it may have', async () => {
    const hungry = 'const held = []; for (;;) held.push(Buffer.alloc(16 << 20, 1));';
    await expect(running(hungry, { memoryMb: 256 })).rejects.toMatchObject({ reason: 'out_of_memory' });
  });

  it('is not believed what is no answer', async () => {
    await expect(running('console.log("{}"); process.exit(0)')).rejects.toMatchObject({ reason: 'out_of_memory' });
    await expect(running('setInterval(() => console.log("x".repeat(1e5)), 1)')).rejects.toMatchObject({ reason: 'out_of_memory' });
  });

  it('has no environment, may write no file, and has no network where the system lets it have none', async () => {
    const looks = `
      const { writeFileSync, rmSync } = require('node:fs');
      const file = ${JSON.stringify(join(folder, 'written'))};
      let wrote = 1;
      try { writeFileSync(file, 'x'); } catch { wrote = 0; }
      const outside = Object.values(require('node:os').networkInterfaces()).flat().filter(({ internal }) => !internal).length;
      const env = Object.keys(process.env).filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)).length;
      process.on('SIGXFSZ', () => {});
      console.log(JSON.stringify({ kind: 'described', vector: [env, wrote, ${sandbox.withoutNetwork} ? outside : 0] }));`;
    expect(await running(looks)).toEqual([0, 0, 0]);
  });
});

it('says what to install where an encoder is configured that is not there', async () => {
  const encoder = { path: '/none.onnx', side: 224, mean: [0, 0, 0], deviation: [1, 1, 1] };
  await expect(sandbox.describe('image', await picture('#fff').png().toBuffer(), limits, encoder)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    field: 'features.encoder',
    message: 'features.encoder: needs the package onnxruntime-node, which is not installed: npm install onnxruntime-node',
  });
});
