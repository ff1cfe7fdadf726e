import { z } from 'zod';
import type { EpochMs } from '../platform/clock';
import type { UserKey } from '../platform/keys';
import type { Profile } from '../profile/profile';
import type { PrivacySettings } from '../tenants/privacy-settings';

/** The purpose without which lists are made for nobody in particular. */
export const PERSONALISATION = 'personalisation';

/** One line of a user's consent ledger. Nothing of it is ever changed. */
export const consentEntry = z.object({
  purpose: z.string(),
  granted: z.boolean(),
  at: z.number(),
  /** Where it was said, e.g. `settings-page`. */
  source: z.string(),
  /** Which text the user was shown; absent: none was named. */
  textVersion: z.string().optional(),
  /** Who wrote it down: `user`, or `operator` for somebody with the right to edit other people's profiles. */
  by: z.enum(['user', 'operator']),
});
export type ConsentEntry = z.infer<typeof consentEntry>;

export type ConsentSettings = PrivacySettings['consent'];

/** Where a user stands with a purpose. */
export interface Consent {
  readonly purpose: string;
  /** Whether what it is for needs a grant. */
  readonly required: boolean;
  /** Whether it is done now. */
  readonly permitted: boolean;
  /** The newest entry about it; absent: the user has said nothing. */
  readonly entry?: ConsentEntry;
}

export interface ConsentLedger {
  /** Appends an entry. Watched lists follow at once. */
  note(user: UserKey, entry: ConsentEntry): Promise<void>;
  /** Every entry, oldest first. */
  read(user: UserKey): Promise<readonly ConsentEntry[]>;
}

/** Whether something may be done: required purposes need a grant, the others are permitted until they are withdrawn. */
export const permits = ({ required }: ConsentSettings, said: ReadonlyMap<string, boolean>, purpose: string): boolean =>
  said.get(purpose) ?? !required.includes(purpose);

/** Where a user stands with each purpose of the tenant, in the tenant's order. */
export function standing(settings: ConsentSettings, ledger: readonly ConsentEntry[]): Consent[] {
  const newest = new Map(ledger.map((entry) => [entry.purpose, entry]));
  const said = new Map([...newest].map(([purpose, { granted }]) => [purpose, granted]));
  return settings.purposes.map((purpose) => {
    const entry = newest.get(purpose);
    return { purpose, required: settings.required.includes(purpose), permitted: permits(settings, said, purpose), ...(entry && { entry }) };
  });
}

/** A profile of which nothing is used but what the user forbade: topics and items that must not be shown, and the language. */
export const withoutTaste = (profile: Profile): Profile => ({
  ...profile,
  recent: [],
  history: new Map<string, EpochMs>(),
  interests: { short: [], long: [] },
  counters: {},
  declaredInterests: [],
  attributes: {},
  follows: [],
});
