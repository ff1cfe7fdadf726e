import type { Request, Response } from 'express';
import { OperationTypeNode, subscribe, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import { BeckonError } from '../../platform/errors';
import { EvenRounds } from '../../platform/even-rounds';
import { SameDelay } from '../../platform/same-delay';
import type { Identity } from '../auth/identity';
import { createContext } from '../create-context';
import { closeStaggered } from '../drain';
import { toClientError } from '../errors/to-client-error';
import type { GatewayParts } from '../gateway-parts';
import { refuse } from '../http/refuse';
import { operationLabel, outcomeLabel } from '../operation-label';
import { clientErrors, clientResult } from '../pipeline/client-result';
import { answerOnce, type Caller } from '../pipeline/answer-once';
import type { Preparation, PreparedOperation } from '../pipeline/prepare';
import { pushCounter } from '../push-counter';
import type { RecommendationUpdate } from '../schema-mappers';
import { EventStream } from './event-stream';

const RETRY_AFTER_MS = 1000;

/**
 * GraphQL over server-sent events, "distinct connections mode": an operation is a request of its own, and its results are the events of the
 * answer. Written here rather than taken from `graphql-sse`, whose handler holds an unbounded queue and a timer for each stream and validates
 * by itself: see docs/decisions/0017. Its client is what the tests run.
 */
export class EventStreams {
  private readonly open = new Set<EventStream>();
  private readonly heartbeat: EvenRounds<EventStream>;
  private readonly slow: SameDelay<EventStream>;
  private readonly countPush: (update: RecommendationUpdate) => void;
  private closing = false;

  constructor(private readonly parts: GatewayParts) {
    this.heartbeat = new EvenRounds(parts.settings.keepAliveMs, (group) => {
      for (const stream of group) stream.beat();
    });
    this.slow = new SameDelay(parts.settings.slowReaderMs, (stream) => stream.terminate());
    this.countPush = pushCounter(parts.deps, parts.metrics);
  }

  /** Answers one operation by events. Resolves when the stream has ended, whoever ended it. */
  async serve(req: Request, res: Response, prepared: Preparation, caller: Caller): Promise<void> {
    const { deps, errorDeps } = this.parts;
    const { tenant } = caller.identity;
    try {
      await deps.quotas?.enter(tenant);
    } catch (error) {
      return refuse(res, error, errorDeps);
    }
    try {
      if (!res.destroyed) await this.serveCounted(req, res, prepared, caller); // else gone meanwhile
    } finally {
      deps.quotas?.leave(tenant);
    }
  }

  private async serveCounted(req: Request, res: Response, prepared: Preparation, { identity, receivedAt }: Caller): Promise<void> {
    const { errorDeps } = this.parts;
    if (this.closing)
      return refuse(res, new BeckonError('UNAVAILABLE', 'this gateway is ending', { retryAfterMs: RETRY_AFTER_MS }), errorDeps);
    const leave = this.enter(req.socket.remoteAddress ?? '', identity);
    if (!leave) {
      const message = 'there are as many open streams and sockets as are allowed: close one first';
      return refuse(res, new BeckonError('OVERLOADED', message, { retryAfterMs: RETRY_AFTER_MS }), errorDeps, 429);
    }
    const stream = this.begin(res, identity);
    stream.onEnd(leave);
    try {
      if (prepared.ok && prepared.operation.operation === OperationTypeNode.SUBSCRIPTION)
        await this.push(stream, prepared, { identity, receivedAt });
      else await this.answer(stream, prepared, { identity, receivedAt });
    } finally {
      stream.end();
    }
  }

  /** Refuses new streams at once and ends every open one without `complete`, so that clients come again, elsewhere: see `closeStaggered`. */
  async close(how: Parameters<typeof closeStaggered>[1]): Promise<void> {
    this.closing = true;
    await closeStaggered(this.open, how);
    this.heartbeat.stop();
    this.slow.stop();
  }

  /** Takes a place of the address and one of the user; returns how to give both back. Undefined: one of them has as many as are allowed. */
  private enter(address: string, identity: Identity): (() => void) | undefined {
    const { connections, metrics } = this.parts;
    const refused = (limit: string): undefined => void metrics.refusedConnections.inc({ transport: 'sse', limit });
    if (!connections.enterAddress(address)) return refused('address');
    if (!connections.enterUser(identity)) {
      connections.leaveAddress(address);
      return refused('user');
    }
    return () => {
      connections.leaveAddress(address);
      connections.leaveUser(identity);
    };
  }

  /** Opens a stream that ends with its identity: revoked or expired, it is over. */
  private begin(res: Response, identity: Identity): EventStream {
    const { metrics, identities } = this.parts;
    const stream = new EventStream(res, this.slow);
    this.open.add(stream);
    this.heartbeat.add(stream);
    metrics.openEventStreams.inc();
    identities.hold(stream, identity);
    stream.onEnd(() => {
      identities.release(stream);
      this.open.delete(stream);
      this.heartbeat.delete(stream);
      metrics.openEventStreams.dec();
    });
    return stream;
  }

  private async answer(stream: EventStream, prepared: Preparation, caller: Caller): Promise<void> {
    const result = await answerOnce(this.parts, prepared, caller);
    this.count(prepared, result);
    if (prepared.ok) this.time(prepared, caller);
    await stream.next(result);
    stream.complete();
  }

  private async push(stream: EventStream, prepared: PreparedOperation, { identity, receivedAt }: Caller): Promise<void> {
    let pushing: RecommendationUpdate | undefined;
    const contextValue = createContext(this.parts, { identity, receivedAt, onUpdate: (update) => (pushing = update) });
    const source = await subscribe({ ...prepared.execution, contextValue });
    if (!isSource(source)) {
      const result = { errors: clientErrors(source.errors ?? [], this.parts.errorDeps) };
      this.count(prepared, result);
      await stream.next(result);
      return stream.complete();
    }
    this.count(prepared, {});
    stream.onEnd(() => void source.return()); // also while `next()` waits, which it then ends
    for (;;) {
      const step = await this.step(source);
      if (stream.ended) return;
      if (step.result) {
        if (pushing) this.countPush(pushing);
        pushing = undefined;
        await stream.next(step.result); // the next list is asked for when there is room for it: a slow reader gets the newest
      }
      if (step.last) return stream.complete();
    }
  }

  /** The next result of a subscription as the client sees it; what the source fails with is its last. */
  private async step(source: Source): Promise<{ readonly result?: FormattedExecutionResult; readonly last: boolean }> {
    const { errorDeps } = this.parts;
    try {
      const { done, value } = await source.next();
      return done ? { last: true } : { result: clientResult(value, errorDeps), last: false };
    } catch (error) {
      return { result: { errors: [toClientError(error, errorDeps)] }, last: true };
    }
  }

  private count(prepared: Preparation, { errors }: Pick<FormattedExecutionResult, 'errors'>): void {
    const operation = operationLabel(prepared.ok ? prepared.operation : undefined);
    this.parts.metrics.operations.inc({ transport: 'sse', operation, outcome: outcomeLabel(errors) });
  }

  private time({ operation }: PreparedOperation, { receivedAt }: Caller): void {
    const { metrics, deps } = this.parts;
    metrics.operationMs.observe({ transport: 'sse', operation: operationLabel(operation) }, deps.clock.now() - receivedAt);
  }
}

type Source = AsyncGenerator<ExecutionResult, void, void>;

const isSource = (result: Source | ExecutionResult): result is Source => Symbol.asyncIterator in result;
