import type { Identity } from '../auth/identity';
import type { GatewayLimits } from '../gateway-deps';

type User = Pick<Identity, 'tenant' | 'userId'>;

/** Counts the open sockets and event streams of this process, by address and by user. Whoever has entered leaves, once. */
export class ConnectionLimits {
  private readonly byAddress = new Map<string, number>();
  private readonly byUser = new Map<string, number>();

  constructor(private readonly limits: Pick<GatewayLimits, 'maxConnectionsPerUser' | 'maxConnectionsPerAddress'>) {}

  /** Takes a place for one more connection of the address; false: it has as many as are allowed. */
  enterAddress(address: string): boolean {
    return enter(this.byAddress, address, this.limits.maxConnectionsPerAddress);
  }

  leaveAddress(address: string): void {
    leave(this.byAddress, address);
  }

  /** Takes a place for one more connection of the user; false: the user has as many as are allowed. */
  enterUser(user: User): boolean {
    return enter(this.byUser, keyOf(user), this.limits.maxConnectionsPerUser);
  }

  leaveUser(user: User): void {
    leave(this.byUser, keyOf(user));
  }
}

const keyOf = ({ tenant, userId }: User): string => `${tenant} ${userId}`; // neither holds a space

function enter(counts: Map<string, number>, key: string, most: number): boolean {
  const open = counts.get(key) ?? 0;
  if (open >= most) return false;
  counts.set(key, open + 1);
  return true;
}

function leave(counts: Map<string, number>, key: string): void {
  const rest = (counts.get(key) ?? 0) - 1;
  if (rest > 0) counts.set(key, rest);
  else counts.delete(key);
}
