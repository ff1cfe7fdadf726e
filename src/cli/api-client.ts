import { createClient, type Client } from 'graphql-ws';
import WebSocket, { type ClientOptions } from 'ws';
import { ApiError, firstError, type ApiErrorBody } from './api-error';

export interface ApiClientOptions {
  /** Of GraphQL over HTTP; subscriptions use the same address with ws: or wss:. */
  readonly url: string;
  /** Identity, sent with every HTTP request, with the upgrade of the socket and as its connection parameters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 30_000 // 30 seconds */
  readonly timeoutMs?: number;
  /** How often a lost socket is tried again; 0: a lost socket ends its subscriptions with an error. @default Infinity */
  readonly reconnects?: number;
  /** Called when the socket is open and acknowledged, also after a loss. */
  readonly onConnected?: (again: boolean) => void;
  /** Called when the socket is lost; its subscriptions go on after the reconnect by themselves. */
  readonly onLost?: () => void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** What a subscription delivers, in order. Ends with the operation; `return()` ends it at once, also while a `next()` waits. */
export type ApiSubscription<T> = AsyncIterableIterator<T>;

export interface ApiClient {
  /** The data of a query or mutation. @throws ApiError for every failure: no connection, a refusal, errors in the answer. */
  request<T>(document: string, variables?: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<T>;
  /** One subscription on the client's shared socket, which is opened with the first. `next()` throws ApiError. */
  subscribe<T>(document: string, variables?: Readonly<Record<string, unknown>>): ApiSubscription<T>;
  /** Closes the socket and ends all subscriptions. Idempotent. */
  close(): Promise<void>;
}

/** A client of the public API over HTTP and graphql-transport-ws. Opens nothing before it is used. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  let socket: Client | undefined;
  return {
    request: (document, variables = {}, { signal } = {}) => post(options, document, variables, signal),
    subscribe: <T>(document: string, variables: Readonly<Record<string, unknown>> = {}) => {
      socket ??= openSocket(options);
      return unwrapped<T>(socket.iterate<T>({ query: document, variables: { ...variables } }));
    },
    close: async () => {
      const closing = socket;
      socket = undefined;
      // graphql-ws rejects with the close event when the socket was closed while it was being opened: it is closed, as asked.
      await Promise.resolve(closing?.dispose()).catch(() => undefined);
    },
  };
}

async function post<T>(
  { url, headers = {}, timeoutMs = 30_000 }: ApiClientOptions,
  document: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
      body: JSON.stringify({ query: document, variables }),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ApiError('UNREACHABLE', `no answer from ${url}: is the gateway running there?`, { retryable: true, cause });
  }
  const { data, errors } = parseAnswer<T>(text, url, response);
  if (errors?.length) throw firstError(errors, response.status);
  if (data === undefined || data === null)
    throw new ApiError('NOT_GRAPHQL', `${url} answered ${response.status} without data`, { retryable: response.status >= 500 });
  return data;
}

function parseAnswer<T>(text: string, url: string, { status }: Response): { data?: T | null; errors?: ApiErrorBody[] } {
  try {
    return JSON.parse(text) as { data?: T | null; errors?: ApiErrorBody[] };
  } catch {
    throw new ApiError('NOT_GRAPHQL', `${url} answered ${status} with something that is not GraphQL: is it the address of the API?`, {
      retryable: status >= 500,
    });
  }
}

function openSocket({ url, headers = {}, reconnects = Infinity, onConnected, onLost }: ApiClientOptions): Client {
  class WebSocketWithHeaders extends WebSocket {
    constructor(address: string, protocols?: string | string[], clientOptions: ClientOptions = {}) {
      super(address, protocols, { ...clientOptions, headers: { ...headers }, perMessageDeflate: false });
    }
  }
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocketWithHeaders,
    connectionParams: { ...headers },
    retryAttempts: reconnects,
    shouldRetry: () => reconnects > 0,
    // 50 ms, doubled up to 2 s: a gateway that restarts is back within a second or two.
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(2_000, 50 * 2 ** retries))),
    keepAlive: 15_000,
    on: {
      connected: (_socket, _payload, wasRetry) => onConnected?.(wasRetry),
      closed: (event) => {
        if ((event as { code?: number }).code !== 1000) onLost?.();
      },
    },
    onNonLazyError: () => undefined,
  });
}

/** What graphql-ws hands on of one event. */
interface WireResult<T> {
  readonly data?: T | null | undefined;
  readonly errors?: readonly ApiErrorBody[] | undefined;
}

/** An iterator object, not a generator: `return()` must get through while `next()` waits. */
function unwrapped<T>(results: AsyncIterableIterator<WireResult<T>>): ApiSubscription<T> {
  const subscription: ApiSubscription<T> = {
    [Symbol.asyncIterator]: () => subscription,
    next: async () => {
      let result: IteratorResult<WireResult<T>>;
      try {
        result = await results.next();
      } catch (error) {
        throw ApiError.from(error);
      }
      if (result.done === true) return { done: true, value: undefined };
      const { data, errors } = result.value;
      if (errors?.length) throw firstError(errors);
      if (data === undefined || data === null) throw new ApiError('NOT_GRAPHQL', 'an event without data', { retryable: false });
      return { done: false, value: data };
    },
    return: async () => {
      await results.return?.();
      return { done: true, value: undefined };
    },
  };
  return subscription;
}
