import { dateTimeScalar, parseDateTime } from '../../src/gateway/resolvers/date-time';

describe('parseDateTime', () => {
  it.each([
    ['2026-11-24T10:15:30.250Z', Date.UTC(2026, 10, 24, 10, 15, 30, 250)],
    ['2026-11-24T10:15Z', Date.UTC(2026, 10, 24, 10, 15)],
    ['2026-11-24T12:15:30+02:00', Date.UTC(2026, 10, 24, 10, 15, 30)],
    ['1900-01-01T00:00:00Z', Date.UTC(1900, 0, 1)],
    ['2300-12-31T23:59:59Z', Date.UTC(2300, 11, 31, 23, 59, 59)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s', (text, expected) => expect(parseDateTime(text)).toBe(expected));

  it.each([
    ['no zone', '2026-11-24T10:15:30'],
    ['no time', '2026-11-24'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of no leap year', '2026-02-29T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['hour 25', '2026-01-01T25:00:00Z'],
    ['words', 'yesterday'],
    ['a number', '1795518730561'],
    ['nothing', ''],
    ['NaN', 'NaN'],
  ])('is NaN for %s', (_name, text) => expect(parseDateTime(text)).toBeNaN());
});

it.each<[string, unknown, string]>([
  ['a time', Date.UTC(2026, 10, 24, 10, 15, 30, 250), '2026-11-24T10:15:30.250Z'],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['past the end', 1e300, '9999-12-31T23:59:59.999Z'],
  ['endless', Infinity, '9999-12-31T23:59:59.999Z'],
  ['before the beginning', -1e300, '0001-01-01T00:00:00.000Z'],
  ['no time', NaN, '0001-01-01T00:00:00.000Z'],
  ['words', 'soon', '0001-01-01T00:00:00.000Z'],
])('writes %s as a time of the years 1 to 9999', (_name, value, expected) => expect(dateTimeScalar.serialize(value)).toBe(expected));
