import type { ApolloServerPlugin } from '@apollo/server';
import type { Clock } from '../../platform/clock';
import type { GatewayMetrics } from '../gateway-metrics';
import { operationLabel, outcomeLabel } from '../operation-label';
import type { HttpContext } from './http-context';

/** Counts and times the operations that come over HTTP and were let through. */
export function operationMetricsPlugin(metrics: GatewayMetrics, clock: Clock): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ operation, response, contextValue }) => {
        const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
        const labels = { transport: 'http', operation: operationLabel(operation) } as const;
        metrics.operations.inc({ ...labels, outcome: outcomeLabel(errors) });
        metrics.operationMs.observe(labels, clock.now() - contextValue.receivedAt);
      },
    }),
  };
}
