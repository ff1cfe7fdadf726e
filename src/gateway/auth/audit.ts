import { BeckonError } from '../../platform/errors';
import type { EpochMs } from '../../platform/clock';
import type { Identity } from './identity';

/** A mutation that somebody made by right of a scope, or that cannot be undone. */
export interface AuditEntry {
  readonly at: EpochMs;
  readonly tenant: string;
  /** Who made it. */
  readonly userId: string;
  readonly mutation: string;
  /** `OK`, or the code of the error that it ended with. */
  readonly outcome: string;
  /** What it was asked to do, in short: never the content of items. */
  readonly arguments: Readonly<Record<string, string>>;
}

export interface AuditLog {
  /** Writes it down, at once to the process's log and soon to the store. Never fails the mutation. */
  note(entry: AuditEntry): void;
  /** Newest first. @throws BeckonError UNAVAILABLE while the store is away. */
  read(tenant: string, first: number): Promise<readonly AuditEntry[]>;
}

type Arguments = Readonly<Record<string, unknown>>;

const OF_OPERATORS: ReadonlySet<string> = new Set([
  'trainModels',
  'rollbackModel',
  'revokeTokens',
  'upsertItems',
  'patchItems',
  'hideItems',
  'showItems',
  'eraseProfile', // one's own too: it cannot be undone
]);
const OF_USERS: ReadonlySet<string> = new Set([
  'updateProfile',
  'muteTopic',
  'unmuteTopic',
  'mergeProfile',
  'setConsent',
  'setPersonalisation',
  'setInterest',
  'unlockInterest',
  'resetProfile',
  'deleteTrait',
  'rejectTrait',
  'resetTrait',
]);

/** The mutations that may have to be written down. */
export const AUDITED: readonly string[] = [...OF_OPERATORS, ...OF_USERS];

/** Whether a mutation is written down: all of operators', and what users do to themselves when it is done to somebody else. */
export function isAudited(mutation: string, args: Arguments, { userId }: Pick<Identity, 'userId'>): boolean {
  if (OF_OPERATORS.has(mutation)) return true;
  const input = args['input'];
  const whose = args['userId'] ?? (typeof input === 'object' && input !== null ? (input as Arguments)['userId'] : undefined);
  return OF_USERS.has(mutation) && typeof whose === 'string' && whose !== userId;
}

const IDS_NAMED = 20;
const MAX_CHARS = 1000;

/** Arguments in short: plain values as they are, of lists the length and the first ids, of input objects the same for each field. */
export function inShort(args: Arguments, prefix = ''): Record<string, string> {
  const short: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) {
    if (value === null || value === undefined) continue;
    if (Array.isArray(value)) short[prefix + name] = listInShort(value);
    else if (typeof value === 'object') Object.assign(short, inShort(value as Arguments, `${prefix}${name}.`));
    else short[prefix + name] = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_CHARS);
  }
  return short;
}

function listInShort(values: readonly unknown[]): string {
  const ids = values.slice(0, IDS_NAMED).map((value) => {
    const id = typeof value === 'object' && value !== null ? (value as Arguments)['id'] : value;
    return typeof id === 'string' || typeof id === 'number' ? String(id) : '?';
  });
  return `${values.length}: ${ids.join(', ')}${values.length > IDS_NAMED ? ', …' : ''}`.slice(0, MAX_CHARS);
}

/** How a mutation that threw this ended. */
export const outcomeOf = (error: unknown): string => (error instanceof BeckonError ? error.code : 'INTERNAL');
