import { badInput, BeckonError } from '../../platform/errors';
import { IDENTIFIER_RULE, isIdentifier } from '../../platform/identifier';

export const MAX_FIRST = 50;
const TOPIC = /^[ct]:\P{Cc}{1,200}$/u;

/** @throws BeckonError BAD_INPUT unless 1 ≤ value ≤ 50. */
export function checkFirst(value: number, field = 'first'): number {
  if (value < 1 || value > MAX_FIRST) throw badInput(field, `${field} must be between 1 and ${MAX_FIRST}`);
  return value;
}

/** @throws BeckonError BAD_INPUT */
export function checkIdentifier(value: string, field: string): string {
  if (!isIdentifier(value)) throw badInput(field, `${field} ${IDENTIFIER_RULE}`);
  return value;
}

/** @throws BeckonError BAD_INPUT unless there are 1 to `max` entries. */
export function checkBatch<T>(values: readonly T[], field: string, max: number): readonly T[] {
  if (values.length < 1 || values.length > max) {
    throw badInput(field, `${field} has ${values.length} entries: send between 1 and ${max.toLocaleString('en')} at a time`);
  }
  return values;
}

/** @throws BeckonError BAD_INPUT for more than `max` entries. */
export function checkCount<T>(values: readonly T[], field: string, max: number): readonly T[] {
  if (values.length > max) throw badInput(field, `${field} has ${values.length} entries: at most ${max.toLocaleString('en')} are allowed`);
  return values;
}

/** @throws BeckonError BAD_INPUT for text that is empty or longer than `max`. */
export function checkText(value: string, field: string, max: number): string {
  if (value.length < 1 || value.length > max)
    throw badInput(field, `${field} must have between 1 and ${max.toLocaleString('en')} characters`);
  return value;
}

/** @throws BeckonError BAD_INPUT unless it is `c:<category>` or `t:<tag>`. */
export function checkTopic(value: string, field: string): string {
  if (!TOPIC.test(value)) throw badInput(field, `${field} must be c: and a category, or t: and a tag, e.g. c:garden`);
  return value;
}

/** @throws BeckonError BAD_INPUT that names the surfaces there are. */
export function checkSurface(value: string, known: readonly string[]): string {
  if (!known.includes(value))
    throw new BeckonError('BAD_INPUT', `there is no such surface: known are ${known.join(', ')}`, { field: 'surface' });
  return value;
}
