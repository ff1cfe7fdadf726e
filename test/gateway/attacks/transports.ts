import { request, type IncomingMessage } from 'node:http';
import WebSocket from 'ws';

/** An operation as it is put on the wire; anything at all, as an attacker would. */
export interface Wire {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

export interface Sending {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of this machine: another one than 127.0.0.1 stands for another client. */
  readonly localAddress?: string;
  readonly method?: string;
}

/** What became of an attack, and all that came back. */
export interface Outcome {
  /** An error code; before it the HTTP status unless that is 200 or 400; or `close N` or `handshake N` of a WebSocket; or `ok`. */
  readonly verdict: string;
  readonly text: string;
}

/** One way to send an operation and to be told what became of it. */
export type Transport = 'http' | 'ws' | 'sse';

const ACCEPT = { http: 'application/graphql-response+json', sse: 'text/event-stream' } as const;

/** Sends an operation, or bytes as they are, over a transport. */
export function send(transport: Transport, body: Wire | string | Buffer, sending: Sending): Promise<Outcome> {
  return transport === 'ws' ? overSocket(body, sending) : overHttp(transport, body, sending);
}

async function overHttp(transport: 'http' | 'sse', body: Wire | string | Buffer, sending: Sending): Promise<Outcome> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', accept: ACCEPT[transport], ...sending.headers };
  const { status, text } = await exchange({ ...sending, headers }, bytes);
  return { verdict: httpVerdict(status, text), text };
}

/** One HTTP request, without anything that a client would add by itself. */
export async function exchange(
  { url, headers, localAddress, method = 'POST' }: Sending,
  body?: string | Buffer,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, agent: false, ...(headers && { headers }), ...(localAddress !== undefined && { localAddress }) };
    const sent = request(url, options, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode!, text }), reject);
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error); // the answer came before all was sent
    });
    sent.end(body);
  });
}

/** The body; of an event stream as much as it takes to see the first result. */
function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      text += part;
      if (!/^event: next\ndata: .*\n\n/m.test(text)) return;
      resolve(text);
      response.destroy();
    });
    response.once('close', () => resolve(text));
  });
}

function httpVerdict(status: number, text: string): string {
  const code = codeIn(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
  return status === 200 || status === 400 ? code : `${status} ${code}`;
}

function codeIn(json: string): string {
  if (!json.startsWith('{')) return 'no answer';
  const { errors } = JSON.parse(json) as { errors?: readonly { extensions?: { code?: string } }[] };
  return errors ? (errors[0]?.extensions?.code ?? 'no code') : 'ok';
}

/** Opens a socket, says who one is, sends, and waits for the first answer or the end. */
async function overSocket(body: Wire | string | Buffer, { url, headers = {}, localAddress }: Sending): Promise<Outcome> {
  const { origin, ...params } = headers;
  const socket = openSocket(url, { ...(origin !== undefined && { origin }), ...(localAddress !== undefined && { localAddress }) });
  try {
    return await new Promise<Outcome>((resolve) => {
      onEnd(socket, (verdict) => resolve({ verdict, text: verdict }));
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string; payload?: unknown };
        if (message.type === 'connection_ack') {
          const raw = typeof body === 'string' || Buffer.isBuffer(body);
          socket.send(raw ? body : JSON.stringify({ id: '1', type: 'subscribe', payload: body }), { binary: Buffer.isBuffer(body) });
        } else if (message.type === 'error')
          resolve({ verdict: codeIn(JSON.stringify({ errors: message.payload })), text: data.toString() });
        else if (message.type === 'next') resolve({ verdict: codeIn(JSON.stringify(message.payload)), text: data.toString() });
      });
    });
  } finally {
    socket.terminate();
  }
}

export function openSocket(
  url: string,
  options: WebSocket.ClientOptions = {},
  protocols: string | string[] = 'graphql-transport-ws',
): WebSocket {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, { ...options, perMessageDeflate: false });
  socket.on('error', () => undefined); // told by `onEnd`
  return socket;
}

/** Calls back once with `close N`, or `handshake N` where the socket never opened. */
export function onEnd(socket: WebSocket, ended: (verdict: string) => void): void {
  socket.once('unexpected-response', (_request, response: IncomingMessage) => {
    ended(`handshake ${response.statusCode}`);
    socket.terminate();
  });
  socket.once('close', (code) => ended(`close ${code}`));
}

export const endOf = (socket: WebSocket): Promise<string> => new Promise((resolve) => onEnd(socket, resolve));
