/** The sub-protocol, as clients name it in the handshake. */
export const SUB_PROTOCOL = 'graphql-transport-ws';

export interface SubscribePayload {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

type Payload = Readonly<Record<string, unknown>> | null | undefined;

/** What a client may send. */
export type ClientMessage =
  | { readonly type: 'connection_init' | 'ping' | 'pong'; readonly payload?: Payload }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: SubscribePayload }
  | { readonly type: 'complete'; readonly id: string };

/** `bad`: not of the sub-protocol. `foreign`: of the sub-protocol, but only servers send it. */
export type ReadMessage = ClientMessage | 'bad' | 'foreign';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isObjectOrNothing = (value: unknown): boolean => value === undefined || value === null || isObject(value);
const isTextOrNothing = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';
const isId = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Reads one message with the rules of graphql-ws 6, to the letter. */
export function readMessage(text: string): ReadMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return 'bad';
  }
  if (!isObject(message)) return 'bad';
  const type = TYPES.get(message['type']);
  if (!type?.isRight(message)) return 'bad';
  return type.foreign ? 'foreign' : (message as unknown as ClientMessage);
}

type Message = Readonly<Record<string, unknown>>;

interface MessageType {
  readonly isRight: (message: Message) => boolean;
  readonly foreign?: true;
}

const mayHavePayload = ({ payload }: Message): boolean => isObjectOrNothing(payload);

const TYPES: ReadonlyMap<unknown, MessageType> = new Map<unknown, MessageType>([
  ['connection_init', { isRight: mayHavePayload }],
  ['ping', { isRight: mayHavePayload }],
  ['pong', { isRight: mayHavePayload }],
  ['subscribe', { isRight: ({ id, payload }) => isId(id) && isSubscribePayload(payload) }],
  ['complete', { isRight: ({ id }) => isId(id) }],
  ['connection_ack', { isRight: mayHavePayload, foreign: true }],
  ['next', { isRight: ({ id, payload }) => isId(id) && isObject(payload), foreign: true }],
  ['error', { isRight: ({ id, payload }) => isId(id) && areErrors(payload), foreign: true }],
]);

function isSubscribePayload(payload: unknown): boolean {
  if (!isObject(payload)) return false;
  const { query, variables, operationName, extensions } = payload;
  return typeof query === 'string' && isObjectOrNothing(variables) && isTextOrNothing(operationName) && isObjectOrNothing(extensions);
}

const areErrors = (payload: unknown): boolean =>
  Array.isArray(payload) && payload.length > 0 && payload.every((error: unknown) => isObject(error) && 'message' in error);
