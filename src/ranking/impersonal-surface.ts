import type { FallbackLevel, SurfaceSettings } from './surface-settings';

const IMPERSONAL: readonly FallbackLevel[] = ['popular', 'newest'];

/**
 * A surface as it serves those who are not profiled: the levels that need no profile are in its chain, last where an operator left them out, or
 * there would be no list. The others propose nothing without a history.
 */
export const impersonalSurface = (surface: SurfaceSettings): SurfaceSettings => ({
  ...surface,
  fallback: [...surface.fallback, ...IMPERSONAL.filter((level) => !surface.fallback.includes(level))],
});
