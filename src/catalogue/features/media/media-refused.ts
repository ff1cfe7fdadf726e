import { BeckonError } from '../../../platform/errors';

export const MEDIA_KINDS = ['image', 'audio'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** Why a file was not described. */
export const REFUSALS = [
  'not_allowed', // neither an upload nor of a host that is allowed, or the host answers from a private address
  'unreachable', // no such upload; the host did not answer with the file itself
  'too_large', // bytes
  'too_many_pixels',
  'too_long', // sound
  'unsupported', // of another format than is read
  'broken', // of the format, but not readable: cut, altered, or its header lies
  'too_slow', // the deadline, or its CPU time
  'out_of_memory', // the decoder ended without an answer
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** A file of a caller that was not described. It may be that the file is at fault or that our limits are: no retry helps. */
export class MediaRefused extends BeckonError {
  constructor(
    readonly kind: MediaKind,
    readonly reason: Refusal,
    message: string,
  ) {
    super('BAD_INPUT', `${kind}: ${message}`, { field: kind });
  }
}
