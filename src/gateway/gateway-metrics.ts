import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics, Tally } from '../platform/metrics';
import type { StageTimes } from '../platform/stage-times';

export type Transport = 'http' | 'ws' | 'sse';
export const PUSH_STAGES = ['ingest', 'queue', 'score', 'replace', 'push'] as const;
export type PushStage = (typeof PUSH_STAGES)[number];

/** What the gateway counts. Labels hold nothing that a client can make up. */
export class GatewayMetrics {
  /** By the fields at the top of the operation as the schema names them, and by error code. */
  readonly operations: Counter<'transport' | 'operation' | 'outcome'>;
  readonly operationMs: Histogram<'transport' | 'operation'>;
  readonly openSockets: Gauge;
  readonly openEventStreams: Gauge;
  readonly refusedConnections: Counter<'transport' | 'limit'>;
  readonly openSubscriptions: Gauge;
  readonly closedSockets: Counter<'code'>;
  readonly refusedHandshakes: Counter;
  readonly pushedLists: Tally;
  readonly preparedLists: Tally;
  readonly slowReaders: Gauge<'state'>;
  readonly pushMs: StageTimes<PushStage>;

  constructor(metrics: Metrics) {
    this.operations = metrics.counter('beckon_gateway_operations_total', 'GraphQL operations by field and outcome', [
      'transport',
      'operation',
      'outcome',
    ]);
    this.operationMs = metrics.stage('beckon_gateway_operation_ms', 'Time from the arrival of a query or mutation to its answer, in ms', [
      'transport',
      'operation',
    ]);
    this.openSockets = metrics.gauge('beckon_gateway_sockets', 'Open WebSockets');
    this.openEventStreams = metrics.gauge('beckon_gateway_event_streams', 'Open streams of server-sent events');
    this.refusedConnections = metrics.counter('beckon_gateway_refused_connections_total', 'Connections refused or closed at a limit', [
      'transport',
      'limit',
    ]);
    this.openSubscriptions = metrics.gauge('beckon_gateway_subscriptions', 'Running subscriptions');
    this.closedSockets = metrics.counter('beckon_gateway_closed_sockets_total', 'Closed WebSockets by close code', ['code']);
    this.refusedHandshakes = metrics.counter(
      'beckon_gateway_refused_handshakes_total',
      'WebSocket handshakes refused because too many waited',
    );
    this.pushedLists = metrics.tally('beckon_gateway_pushed_lists_total', 'Lists handed to sockets');
    this.preparedLists = metrics.tally('beckon_gateway_prepared_lists_total', 'Lists handed to sockets whose text a worker had prepared');
    this.slowReaders = metrics.gauge('beckon_gateway_slow_readers', 'WebSockets with something unread, and those closed for it', ['state']);
    this.pushMs = metrics.stageTimes('beckon_gateway_push_ms', 'Time that each stage of a pushed list took, in ms', PUSH_STAGES);
  }
}
