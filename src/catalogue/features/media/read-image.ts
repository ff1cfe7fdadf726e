import sharp from 'sharp';
import { MediaRefused, type Refusal } from './media-refused';

/** The formats that are read, told by their first bytes, before any library sees them: no SVG, which may name other files, no PDF, no raw camera data. */
const SIGNATURES: readonly { readonly at: number; readonly bytes: string }[] = [
  { at: 0, bytes: '\xff\xd8\xff' }, // JPEG
  { at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { at: 0, bytes: 'GIF8' },
  { at: 8, bytes: 'WEBP' },
];

/**
 * An image (JPEG, PNG, GIF or WebP; its first frame) scaled to side × side pixels, RGB, row by row; what is transparent is white. Proportions are not kept.
 * @throws MediaRefused `unsupported`, `too_many_pixels` or `broken`.
 */
export async function readImage(bytes: Uint8Array, side: number, maxPixels: number): Promise<Uint8Array> {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (!SIGNATURES.some(({ at, bytes: wanted }) => head.startsWith(wanted, at)))
    throw refused('unsupported', 'must be JPEG, PNG, GIF or WebP');
  sharp.cache(false);
  sharp.concurrency(1);
  const image = (): sharp.Sharp => sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1, sequentialRead: true });
  const { width, height } = await image()
    .metadata()
    .catch((error: unknown) => {
      throw refusalOf(error, maxPixels);
    });
  if (width * height > maxPixels) throw tooManyPixels(maxPixels);
  try {
    return await image()
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .resize(side, side, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (error) {
    throw refusalOf(error, maxPixels);
  }
}

const refused = (reason: Refusal, message: string): MediaRefused => new MediaRefused('image', reason, message);
const tooManyPixels = (most: number): MediaRefused => refused('too_many_pixels', `more than ${most} pixels`);

/** What the library says may name files of ours: only its kind goes on. */
const refusalOf = (error: unknown, maxPixels: number): MediaRefused =>
  error instanceof Error && error.message.includes('pixel limit') ? tooManyPixels(maxPixels) : refused('broken', 'cannot be decoded');
