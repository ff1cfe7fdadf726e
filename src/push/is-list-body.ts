import {
  itemFlag,
  listBody,
  listCause,
  listCost,
  MODEL_NAMES,
  REASON_CODES,
  type ListBody,
  type ListCause,
  type Timeline,
} from './recommendation-list';

type Fields = Readonly<Record<string, unknown>>;

const MODELS: ReadonlySet<unknown> = new Set(MODEL_NAMES);
const REASONS: ReadonlySet<unknown> = new Set(REASON_CODES);
const FLAGS: ReadonlySet<unknown> = new Set(itemFlag.options);
const DROPPED_FOR: ReadonlySet<unknown> = new Set(listCost.shape.droppedFor.unwrap().options);
const CAUSES: ReadonlySet<unknown> = new Set(listCause.shape.kind.options);

/**
 * Whether a value is a list as `listBody` describes it, looked at in place: a gateway reads every announced list that somebody watches,
 * and a parse that copies each of its hundred objects costs as much as everything else it does with them. What it does not know, it
 * leaves in.
 */
export function isListBody(value: unknown): value is ListBody {
  if (!isFields(value)) return false;
  const { id, tenant, userId, surface, appliedThrough, digest, fallback, items, cause, timeline, cost } = value;
  return (
    areTexts(id, tenant, userId, surface, digest) &&
    Number.isSafeInteger(appliedThrough) &&
    isFields(fallback) &&
    Number.isSafeInteger(fallback['level']) &&
    typeof fallback['name'] === 'string' &&
    areAll(items, isRecommendation) &&
    isCause(cause) &&
    isTimeline(timeline) &&
    (cost === undefined || isCost(cost))
  );
}

/**
 * A list out of its JSON.
 * @throws ZodError that says what is wrong with it, SyntaxError for text that is no JSON.
 */
export function readListBody(json: string): ListBody {
  const value: unknown = JSON.parse(json);
  return isListBody(value) ? value : listBody.parse(value);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isNumberOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'number';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isText = (value: unknown): boolean => typeof value === 'string';

function areTexts(...values: readonly unknown[]): boolean {
  return values.every(isText);
}

function areAll(values: unknown, test: (value: unknown) => boolean): boolean {
  return Array.isArray(values) && values.every(test);
}

function isRecommendation(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { itemId, score, sources, reason, flags, content, creative, propensity } = value;
  return (
    typeof itemId === 'string' &&
    typeof score === 'number' &&
    areAll(sources, isSource) &&
    isReason(reason) &&
    areAll(flags, (flag) => FLAGS.has(flag)) &&
    (propensity === null || isNumberOrAbsent(propensity)) &&
    isFields(content) &&
    typeof content['title'] === 'string' &&
    typeof content['text'] === 'string' &&
    typeof content['callToAction'] === 'string' &&
    (creative === undefined || isCreative(creative))
  );
}

const isCreative = (value: unknown): boolean =>
  isFields(value) &&
  areTexts(value['arm'], value['segment']) &&
  typeof value['share'] === 'number' &&
  typeof value['propensity'] === 'number' &&
  isTextOrAbsent(value['plan']) &&
  isTextOrAbsent(value['shown']) &&
  isNumberOrAbsent(value['price']) &&
  isNumberOrAbsent(value['stock']);

const isSource = (value: unknown): boolean => isFields(value) && MODELS.has(value['model']) && typeof value['share'] === 'number';

const isReason = (value: unknown): boolean =>
  isFields(value) && REASONS.has(value['code']) && isTextOrAbsent(value['topic']) && areAll(value['evidence'], isEvidence);

const isEvidence = (value: unknown): boolean =>
  isFields(value) &&
  typeof value['itemId'] === 'string' &&
  typeof value['type'] === 'string' &&
  typeof value['at'] === 'number' &&
  typeof value['share'] === 'number';

const isCost = (value: unknown): boolean =>
  isFields(value) &&
  areAll(value['models'], (spent) => isFields(spent) && MODELS.has(spent['model']) && Number.isSafeInteger(spent['cpuMicros'])) &&
  areAll(value['dropped'], (model) => MODELS.has(model)) &&
  (value['droppedFor'] === undefined || DROPPED_FOR.has(value['droppedFor']));

export const isCause = (value: unknown): value is ListCause =>
  isFields(value) && CAUSES.has(value['kind']) && areAll(value['behaviours'], isCauseBehaviour) && areAll(value['itemIds'], isText);

const isCauseBehaviour = (value: unknown): boolean =>
  isFields(value) &&
  typeof value['id'] === 'string' &&
  typeof value['type'] === 'string' &&
  isTextOrAbsent(value['itemId']) &&
  typeof value['seq'] === 'number';

export const isTimeline = (value: unknown): value is Timeline =>
  isFields(value) &&
  isNumberOrAbsent(value['receivedAt']) &&
  isNumberOrAbsent(value['recordedAt']) &&
  isNumber(value['startedAt']) &&
  isNumber(value['scoredAt']);
