import { toUtf8 } from '../../src/platform/utf8';
import { decodeAnnouncement, encodePrepared, piecesOf } from '../../src/push/prepared-texts';
import { bodyOf } from '../support/lists';

const body = bodyOf('ann', ['a', 'ü'], { appliedThrough: 4 });
const json = Buffer.from(JSON.stringify(body));

it('gives back the head, each text in its pieces, and the list', () => {
  const texts = [
    { shape: 'one', pieces: [toUtf8('{"ä":'), '', '}'] },
    { shape: 'two', pieces: ['[]'] },
  ];
  const { head, prepared, body: rest } = decodeAnnouncement(Buffer.concat([encodePrepared(body, texts), json]));
  expect(head).toMatchObject({ id: body.id, appliedThrough: 4, timeline: body.timeline, itemIds: ['a', 'ü'] });
  expect(piecesOf(head!, prepared, 'one')).toEqual(texts[0]!.pieces);
  expect(piecesOf(head!, prepared, 'two')).toEqual(texts[1]!.pieces);
  expect(piecesOf(head!, prepared, 'three')).toBeUndefined();
  expect(rest.equals(json)).toBe(true);
});

it('says nothing where nothing is prepared', () => {
  expect(encodePrepared(body, [])).toHaveLength(0);
  expect(decodeAnnouncement(json)).toMatchObject({ head: undefined, body: json });
});

it.each([
  '[]',
  '["id",1.5,{},[],[]]',
  '["id",1,{"startedAt":1,"scoredAt":2},["a",1],[]]',
  '["id",1,{"startedAt":1,"scoredAt":2},["a"],[["s",0.5]]]',
  '[1',
  '',
])('refuses a head that is not right: %s', (line) => {
  expect(() => decodeAnnouncement(Buffer.from(`${line}\n{}`))).toThrow();
});
