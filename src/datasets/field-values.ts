import type { EpochMs } from '../platform/clock';
import { RowError } from './row';

/** Whatever a reader makes of one record: fields by name. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** A field by its name or, inside nested objects, by its dotted path; `undefined` where it is absent, null or empty. */
export function fieldAt(record: SourceRecord, path: string): unknown {
  const direct = record[path];
  const value = direct === undefined && path.includes('.') ? nested(record, path) : direct;
  return value === null || value === '' ? undefined : value;
}

function nested(record: SourceRecord, path: string): unknown {
  let value: unknown = record;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as SourceRecord)[key];
  }
  return value;
}

/** @throws RowError when it is absent or neither text nor a finite number. */
export function requireText(record: SourceRecord, path: string): string {
  const text = optionalText(record, path);
  if (text === undefined) throw new RowError(`${path}: is missing`);
  return text;
}

/** @throws RowError when it is neither text nor a finite number. */
export function optionalText(record: SourceRecord, path: string): string | undefined {
  const value = fieldAt(record, path);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new RowError(`${path}: ${shown(value)} is not text`);
}

/** @throws RowError when it is not a finite number or the text of one. */
export function optionalNumber(record: SourceRecord, path: string): number | undefined {
  const value = fieldAt(record, path);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new RowError(`${path}: ${shown(value)} is not a finite number`);
  return number;
}

/** A list, or text that `separator` cuts into one; empty parts are left out. @throws RowError when it is something else. */
export function textList(record: SourceRecord, path: string, separator: string): string[] {
  const value = fieldAt(record, path);
  if (value === undefined) return [];
  const parts = typeof value === 'string' ? value.split(separator) : value;
  if (!Array.isArray(parts)) throw new RowError(`${path}: ${shown(value)} is not a list`);
  return parts.map((part) => String(part).trim()).filter((part) => part !== '');
}

/** Numbers below this are seconds, others milliseconds: 1e11 s is the year 5138, 1e11 ms is March 1973. */
const SECONDS_BELOW = 1e11;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/**
 * A moment: epoch seconds or milliseconds, or an ISO 8601 date, with UTC where no zone is given.
 * @throws RowError when it is absent, no moment, or not between 1970 and 2200.
 */
export function requireTime(record: SourceRecord, path: string): EpochMs {
  const text = requireText(record, path);
  const number = Number(text);
  const time = Number.isFinite(number) ? number * (Math.abs(number) < SECONDS_BELOW ? 1000 : 1) : parseDate(text);
  if (Number.isNaN(time)) throw new RowError(`${path}: ${shown(text)} is neither epoch seconds, epoch milliseconds nor an ISO 8601 date`);
  if (time < EARLIEST || time >= LATEST) throw new RowError(`${path}: ${shown(text)} is not between the years 1970 and 2200`);
  return time;
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

function parseDate(text: string): number {
  const match = DATE.exec(text);
  if (match === null) return NaN;
  return Date.parse(match[1] === undefined && text.length > 10 ? `${text}Z` : text);
}

const shown = (value: unknown): string => `"${(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 80)}"`;
