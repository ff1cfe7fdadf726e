import { z } from 'zod';
import type { EpochMs } from '../platform/clock';
import type { UserKey } from '../platform/keys';
import type { Profile } from '../profile/profile';
import { isTraitPurpose, purposeOf, TRAITS_PURPOSE } from '../profile/traits/trait-consent';
import { PURPOSES, type PrivacySettings } from '../tenants/privacy-settings';

/**
 * A purpose of the tenant's choice: `personalisation`, without which lists are made for nobody in particular; `training`, without which no model and no
 * count learns from what the user does; `experiments`, without which nothing is tried on the user's lists. Besides these there are `traits` and `trait:NAME`.
 */
export type Purpose = (typeof PURPOSES)[number];

/** Whether there is such a purpose. */
export const isPurpose = (purpose: string): boolean => PURPOSES.some((one) => one === purpose) || isTraitPurpose(purpose);

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

export interface ConsentSettings extends Readonly<PrivacySettings['consent']> {
  /** Attributes each of which needs a grant of its own. @default none */
  readonly sensitiveAttributes?: readonly string[];
}

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

const needsGrant = ({ required }: ConsentSettings, purpose: string): boolean =>
  isTraitPurpose(purpose) || required.some((one) => one === purpose);

/** Whether something may be done, by what the user has said of it: what needs a grant once it is granted, the rest until it is withdrawn. */
export const permits = (settings: ConsentSettings, said: boolean | undefined, purpose: string): boolean =>
  said ?? !needsGrant(settings, purpose);

/** The same for somebody whose profile was read. */
export const isPermitted = (settings: ConsentSettings, { consents }: Pick<Profile, 'consents'>, purpose: Purpose): boolean =>
  permits(settings, consents?.get(purpose), purpose);

/** Where a user stands: first with `PURPOSES`, then `traits`, then what is asked for or was said of single attributes, by name. */
export function standing(settings: ConsentSettings, ledger: readonly ConsentEntry[]): Consent[] {
  const newest = new Map(ledger.map((entry) => [entry.purpose, entry]));
  const single = [...(settings.sensitiveAttributes ?? []).map(purposeOf), ...newest.keys()].filter((purpose) =>
    purpose.startsWith(purposeOf('')),
  );
  return [...PURPOSES, TRAITS_PURPOSE, ...[...new Set(single)].sort()].map((purpose) => {
    const entry = newest.get(purpose);
    return {
      purpose,
      required: needsGrant(settings, purpose),
      permitted: permits(settings, entry?.granted, purpose),
      ...(entry && { entry }),
    };
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
