import type { EpochMs } from '../platform/clock';
import { SHELVES } from './taxonomy';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PEAKS = new Map(SHELVES.map(({ category, peakMonth }) => [category, peakMonth]));

/** How much more (or less) a shelf is looked at in that month than over the year, in [0.5, 2]; 1 for shelves without a season. */
export function seasonOf(category: string, at: EpochMs): number {
  const peak = PEAKS.get(category);
  if (peak === undefined) return 1;
  const months = (new Date(at).getUTCMonth() - peak + 12) % 12;
  return 2 ** Math.cos((2 * Math.PI * months) / 12);
}

/** Relative traffic at a time, in (0, 1]: evenings over nights, weekends over weekdays (UTC). */
export function trafficAt(at: EpochMs): number {
  const hour = (at % DAY_MS) / HOUR_MS;
  const day = new Date(at).getUTCDay();
  const daily = 0.55 - 0.45 * Math.cos((2 * Math.PI * (hour - 8)) / 24); // least at 8 h, most at 20 h
  return daily * (day === 0 || day === 6 ? 1 : 0.7);
}
