import { toUtf8 } from '../../src/platform/utf8';
import { decodeAnnouncement, encodePrepared, type Prepared } from '../../src/push/prepared-texts';
import type { ListBody } from '../../src/push/recommendation-list';
import { bodyOf } from '../support/lists';

const body = bodyOf('ann', ['a', 'ü'], { appliedThrough: 4 });
const json = Buffer.from(JSON.stringify(body));

const all = (prepared: Prepared, shape: string): string[] | undefined => {
  const found = prepared.piecesOf(shape);
  return found?.ends.slice(1).map((end, k) => found.bytes.toString('latin1', found.ends[k], end));
};

it('gives back what is said of the list, each text in its pieces, and the list', () => {
  const texts = [
    { shape: 'one', pieces: [toUtf8('{"ä":'), '', '}'] },
    { shape: 'two', pieces: ['[]'] },
  ];
  const { prepared, body: rest } = decodeAnnouncement(Buffer.concat([encodePrepared(body, texts), json]));
  expect(prepared).toMatchObject({ appliedThrough: 4, timeline: body.timeline, itemIds: ['a', 'ü'] });
  expect(all(prepared!, 'one')).toEqual(texts[0]!.pieces);
  expect(all(prepared!, 'two')).toEqual(texts[1]!.pieces);
  expect(all(prepared!, 'three')).toBeUndefined();
  expect(all(prepared!, 'tw')).toBeUndefined();
  expect(rest.equals(json)).toBe(true);
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
  expect(() => decodeAnnouncement(prepared)).toThrow();
  expect(() => decodeAnnouncement(whole.subarray(0, 30))).toThrow();
  expect(() => decodeAnnouncement(whole.subarray(1))).toThrow();
});
