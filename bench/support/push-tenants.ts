import type { Side } from './push-messages';

/** The tenant that each side of bench:push serves. */
export const PUSH_TENANTS: Readonly<Record<Side, string>> = { gateway: 'default', apollo: 'apollo', floor: 'floor' };
export const PUSH_SHARDS = 16;
