import { toUtf8 } from '../../src/platform/utf8';
import { decodeAnnouncement, encodePrepared, type Prepared } from '../../src/push/prepared-texts';
import type { ListBody } from '../../src/push/recommendation-list';
import { bodyOf } from '../support/lists';

const body = bodyOf('ann', ['a', 'ü'], { appliedThrough: 4 });
const json = Buffer.from(JSON.stringify(body));

const all = (prepared: Prepared, id: string, pieces: number): string[] | undefined => {
  const found = prepared.piecesOf({ id, pieces });
  return found?.ends.slice(1).map((end, k) => found.bytes.toString('latin1', found.ends[k], end));
};

it('gives back what is said of the list, each text in its pieces, and the list', () => {
  const texts = [
    { shape: 'one', pieces: [toUtf8('{"ä":'), '', '}'] },
    { shape: 'two', pieces: ['[]'] },
  ];
  const { prepared, body: rest } = decodeAnnouncement(Buffer.concat([encodePrepared(body, texts), json]));
  expect(prepared).toMatchObject({ appliedThrough: 4, timeline: body.timeline, itemIds: ['a', 'ü'] });
  expect(all(prepared!, 'one', 3)).toEqual(texts[0]!.pieces);
  expect(all(prepared!, 'two', 1)).toEqual(texts[1]!.pieces);
  expect(all(prepared!, 'two', 2)).toBeUndefined();
  expect(all(prepared!, 'three', 1)).toBeUndefined();
  expect(all(prepared!, 'tw', 1)).toBeUndefined();
  expect(rest!.equals(json)).toBe(true);
});

it('may stand alone, and be copied out of the message that it came in', () => {
  const message = encodePrepared(body, [{ shape: 'one', pieces: ['a', 'b'] }]);
  const { prepared, body: rest } = decodeAnnouncement(message);
  expect(rest).toBeUndefined();
  const copy = prepared!.copy();
  message.fill(0);
  expect(all(copy, 'one', 2)).toEqual(['a', 'b']);
  expect(copy).toMatchObject({ appliedThrough: 4, itemIds: ['a', 'ü'] });
});

it.each([
  { startedAt: 1.25, scoredAt: 2 },
  { receivedAt: 0.5, startedAt: 1.25, scoredAt: 2 },
  { recordedAt: 0.5, startedAt: 1.25, scoredAt: 2 },
  { receivedAt: 0.25, recordedAt: 0.5, startedAt: 1.25, scoredAt: 2 },
])('gives back the moments that are known: %j', (timeline) => {
  const of: ListBody = { ...bodyOf('ann', []), timeline };
  const { prepared } = decodeAnnouncement(Buffer.concat([encodePrepared(of, [{ shape: 's', pieces: ['x'] }]), json]));
  expect(prepared!.timeline).toEqual(timeline);
  expect(prepared!.itemIds).toEqual([]);
});

it('says nothing where nothing is prepared', () => {
  expect(encodePrepared(body, [])).toHaveLength(0);
  expect(decodeAnnouncement(json)).toMatchObject({ prepared: undefined, body: json });
});

it('refuses what is of no form that is known, or does not end where it says', () => {
  const prepared = encodePrepared(body, [{ shape: 's', pieces: ['x'] }]);
  const whole = Buffer.concat([prepared, json]);
  expect(() => decodeAnnouncement(Buffer.from('["id"]\n{}'))).toThrow();
  expect(() => decodeAnnouncement(Buffer.alloc(0))).toThrow();
  expect(() => decodeAnnouncement(prepared.subarray(0, -1))).toThrow();
  expect(() => decodeAnnouncement(whole.subarray(0, 30))).toThrow();
  expect(() => decodeAnnouncement(whole.subarray(1))).toThrow();
});
