/** Origins that browsers may connect from: a list, every page that this machine serves itself, or any. */
export type AllowedOrigins = readonly string[] | 'loopback' | 'any';

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Clients that are no browsers send no origin and are not bound by this. */
export function originAllowed(origin: string | undefined, allowed: AllowedOrigins): boolean {
  if (origin === undefined || allowed === 'any') return true;
  return allowed === 'loopback' ? LOOPBACK.test(origin) : allowed.includes(origin);
}
