import { z } from 'zod';

const FORM = /^[!-~\u00a1-\ud7ff\ue000-\ufffd]{1,128}$/;

/** What an id may be, said in the way that error messages say it. */
export const IDENTIFIER_RULE = 'must be 1 to 128 printable characters without spaces';

/** An id of a user, item, behaviour, tenant or surface: safe in keys, logs and packed fields. */
export const identifier = z.string(IDENTIFIER_RULE).regex(FORM, IDENTIFIER_RULE);

export const isIdentifier = (value: unknown): value is string => typeof value === 'string' && FORM.test(value);
