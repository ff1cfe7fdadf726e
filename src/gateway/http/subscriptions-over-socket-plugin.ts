import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { badInput } from '../../platform/errors';
import type { GatewayContext } from '../gateway-context';

/** Refuses subscriptions that come over HTTP, before they are executed as if they were queries, and says where they run. */
export function subscriptionsOverSocketPlugin(path: string): ApolloServerPlugin<GatewayContext> {
  const message = `subscriptions run over WebSocket: open one at ${path} with the sub-protocol graphql-transport-ws`;
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
        throw new GraphQLError(message, { originalError: badInput('query', message), extensions: { http: { status: 400 } } });
      },
    }),
  };
}
