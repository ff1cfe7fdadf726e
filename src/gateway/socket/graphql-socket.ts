import type { IncomingHttpHeaders } from 'node:http';
import type { WebSocket } from 'ws';
import type { Identity } from '../auth/identity';
import { CLOSE, closeReason } from './close-codes';
import type { Outbox } from './outbox';
import { readMessage, type SubscribePayload } from './protocol-message';

/** The place of an operation among those of its socket. */
export class OperationSlot {
  /** Completed by the client, or over, or its socket is gone: nothing is sent for it any more. */
  ended = false;
  /** What runs in it, once that has begun. */
  running: { stop(): unknown } | undefined;

  constructor(readonly id: string) {}
}

/** What the protocol is used for. Every method may throw; the socket is closed with 4500 then. */
export interface SocketUse {
  /** Finds out who connects. False: the socket has been closed. */
  connect(socket: GraphqlSocket, params: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Runs an operation in its slot until `socket.finish`. */
  run(socket: GraphqlSocket, slot: OperationSlot, payload: SubscribePayload): Promise<void>;
  /** The answer to a ping. */
  pong(socket: GraphqlSocket, payload: Readonly<Record<string, unknown>> | undefined): string | Promise<string>;
  /** The connection is gone. */
  closed(socket: GraphqlSocket): void;
}

const NO_PARAMS: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * One connection of graphql-transport-ws, the server's side: the same messages and close codes as `graphql-ws` in the same order, held to
 * that by a differential test. Written here because that one keeps some twenty objects, closures and a timer for each connection.
 */
export class GraphqlSocket {
  identity?: Identity;
  private initialised = false;
  private acknowledged = false;
  private slots: OperationSlot[] = [];

  constructor(
    readonly socket: WebSocket,
    /** Of the upgrade request; let go once the identity is known. */
    public headers: IncomingHttpHeaders | undefined,
    readonly outbox: Outbox,
    private readonly use: SocketUse,
  ) {}

  /** Whether `connection_init` has come. */
  get isInitialised(): boolean {
    return this.initialised;
  }

  get operationCount(): number {
    return this.slots.length;
  }

  /** Handles one message. @throws what `SocketUse` throws. */
  async receive(text: string): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return; // closing: nothing that comes now is answered
    const message = readMessage(text);
    if (message === 'bad') return this.close(4400, 'Invalid message received');
    if (message === 'foreign') return this.close(CLOSE.internal.code, CLOSE.internal.reason);
    switch (message.type) {
      case 'connection_init':
        return this.initialise(message.payload ?? NO_PARAMS);
      case 'ping':
        return this.outbox.say(await this.use.pong(this, message.payload ?? undefined));
      case 'pong':
        return;
      case 'subscribe':
        return this.subscribe(message.id, message.payload);
      case 'complete':
        return this.complete(message.id);
    }
  }

  sayNext({ id }: OperationSlot, payload: string): void {
    this.outbox.say(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
  }

  /** Ends an operation with errors, given as JSON. */
  sayError(slot: OperationSlot, payload: string): void {
    if (!slot.ended) this.outbox.say(`{"id":${JSON.stringify(slot.id)},"type":"error","payload":${payload}}`);
    this.forgetSlot(slot);
  }

  /** Ends an operation, and tells the client, who may have ended it already. */
  finish(slot: OperationSlot): void {
    if (!slot.ended) this.outbox.say(`{"id":${JSON.stringify(slot.id)},"type":"complete"}`);
    this.forgetSlot(slot);
  }

  close(code: number, reason: string): void {
    this.socket.close(code, closeReason(reason));
  }

  /** The connection is gone: stops everything that ran on it. */
  async closed(): Promise<void> {
    const { slots } = this;
    this.slots = [];
    this.outbox.forget();
    this.use.closed(this);
    await Promise.all(slots.map(stopSlot));
  }

  private async initialise(params: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.initialised) return this.close(4429, 'Too many initialisation requests');
    this.initialised = true;
    if (!(await this.use.connect(this, params))) return;
    this.acknowledged = true;
    this.outbox.say('{"type":"connection_ack"}');
  }

  private async subscribe(id: string, payload: SubscribePayload): Promise<void> {
    if (!this.acknowledged) return this.close(4401, 'Unauthorized');
    if (this.slots.some((slot) => slot.id === id)) return this.close(4409, `Subscriber for ${id} already exists`);
    const slot = new OperationSlot(id);
    this.slots = [...this.slots, slot]; // mostly one: an array that fits, where push makes room for seventeen
    try {
      await this.use.run(this, slot, payload);
    } catch (error) {
      this.forgetSlot(slot);
      throw error;
    }
  }

  private async complete(id: string): Promise<void> {
    const slot = this.slots.find((running) => running.id === id);
    if (!slot) return;
    this.forgetSlot(slot);
    await stopSlot(slot);
  }

  private forgetSlot(slot: OperationSlot): void {
    slot.ended = true;
    const index = this.slots.indexOf(slot);
    if (index !== -1) this.slots.splice(index, 1);
  }
}

async function stopSlot(slot: OperationSlot): Promise<void> {
  slot.ended = true;
  await slot.running?.stop();
}
