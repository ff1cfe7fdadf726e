import { emptyProfile } from './empty-profile';
import type { Profile } from './profile';

/**
 * Stands where a user id would for everybody who is not profiled on a surface: they share one list. No user can have it, because ids have no
 * spaces.
 */
export const NOBODY = 'not profiled';

export const isNobody = ({ userId }: { readonly userId: string }): boolean => userId === NOBODY;

/** The profile of nobody in particular, made without reading anything: what there is for those who are not profiled. */
export const profileOfNobody = (tenant: string): Profile => emptyProfile({ tenant, userId: NOBODY });
