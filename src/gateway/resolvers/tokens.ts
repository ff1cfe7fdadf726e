import { badInput } from '../../platform/errors';
import type { EpochMs } from '../../platform/clock';
import { requireScope } from '../auth/authorise';
import type { Revocation } from '../auth/revocations';
import type { Resolvers, RevokeTokensPayload } from '../generated/schema-types';
import { checkFirst, checkIdentifier, checkText } from '../limits/check-arguments';

const MAX_JTI_CHARS = 256;
/** Clocks of the one who asks and of this machine may differ by so much. */
const CLOCK_TOLERANCE_MS = 5000;

export const tokenResolvers = {
  Mutation: {
    revokeTokens: async (_, args, { deps, identity, revocationTtlMs }) => {
      requireScope(identity, 'operate');
      const now = deps.clock.now();
      const until = timeOf(args.until, 'until') ?? now + revocationTtlMs;
      if (until <= now) throw badInput('until', 'until must lie in the future');
      const revocation = revocationOf(args, { tenant: identity.tenant, now, until });
      await deps.revocations.revoke(revocation);
      return { until, ...('before' in revocation && { before: revocation.before }) } satisfies RevokeTokensPayload;
    },
  },

  Query: {
    auditLog: async (_, { first }, { deps, identity }) => {
      requireScope(identity, 'operate');
      const entries = await deps.audit.read(identity.tenant, checkFirst(first));
      return entries.map((entry) => ({ ...entry, arguments: Object.entries(entry.arguments).map(([name, value]) => ({ name, value })) }));
    },
  },
} satisfies Resolvers;

interface RevokeArguments {
  readonly userId?: string | null | undefined;
  readonly jti?: string | null | undefined;
  readonly before?: string | number | null | undefined;
}

/** @throws BeckonError BAD_INPUT unless exactly one of user and token is named, with a time that is not ahead. */
function revocationOf(
  { userId, jti, before }: RevokeArguments,
  { tenant, now, until }: { readonly tenant: string; readonly now: EpochMs; readonly until: EpochMs },
): Revocation {
  const issuedBefore = timeOf(before, 'before');
  if (typeof userId === typeof jti) throw badInput('userId', 'give exactly one of userId and jti');
  if (typeof jti === 'string') {
    if (issuedBefore !== undefined) throw badInput('before', 'before goes with userId: a jti names one token, whenever it was issued');
    return { tenant, until, jti: checkText(jti, 'jti', MAX_JTI_CHARS) };
  }
  if (issuedBefore !== undefined && issuedBefore > now + CLOCK_TOLERANCE_MS) throw badInput('before', 'before may not lie in the future');
  return { tenant, until, userId: checkIdentifier(userId ?? '', 'userId'), before: issuedBefore ?? now };
}

function timeOf(value: string | number | null | undefined, field: string): EpochMs | undefined {
  if (value === null || value === undefined) return undefined;
  const time = Number(value);
  if (Number.isNaN(time)) throw badInput(field, `${field} must be a time with a time zone, e.g. 2026-11-24T10:15:30Z`);
  return time;
}
