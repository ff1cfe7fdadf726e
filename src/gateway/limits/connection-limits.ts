import type { Identity } from '../auth/identity';
import type { GatewayLimits } from '../gateway-deps';

/** Close codes of sockets that are past a limit. See docs/protocol.md. */
export const LIMIT_CLOSE = {
  /** The user has as many connections on this process as are allowed: close one first, or try again later. */
  tooManyConnections: { code: 4420, reason: 'Too many connections of this user: close one first' },
  /** More messages came than are allowed in a second. */
  tooManyMessages: { code: 4421, reason: 'Too many messages: send fewer a second' },
} as const;

/** Gives a place back; any further call does nothing. */
export type Leave = () => void;

/** Counts the open sockets and event streams of this process, by address and by user. */
export class ConnectionLimits {
  private readonly byAddress = new Map<string, number>();
  private readonly byUser = new Map<string, number>();

  constructor(private readonly limits: Pick<GatewayLimits, 'maxConnectionsPerUser' | 'maxConnectionsPerAddress'>) {}

  /** A place for one more connection of the address; undefined: it has as many as are allowed. */
  enterAddress(address: string | undefined): Leave | undefined {
    return enter(this.byAddress, address ?? '', this.limits.maxConnectionsPerAddress);
  }

  /** A place for one more connection of the user; undefined: the user has as many as are allowed. */
  enterUser({ tenant, userId }: Pick<Identity, 'tenant' | 'userId'>): Leave | undefined {
    return enter(this.byUser, `${tenant} ${userId}`, this.limits.maxConnectionsPerUser); // neither holds a space
  }
}

function enter(counts: Map<string, number>, key: string, most: number): Leave | undefined {
  const open = counts.get(key) ?? 0;
  if (open >= most) return undefined;
  counts.set(key, open + 1);
  let left = false;
  return () => {
    if (left) return;
    left = true;
    const rest = counts.get(key)! - 1;
    if (rest > 0) counts.set(key, rest);
    else counts.delete(key);
  };
}
