import { WebSocket } from 'ws';
import type { GraphqlSocket } from './graphql-socket';

/** A socket that knows what it carries, so that one listener for each event serves all sockets. */
export class CarriedSocket extends WebSocket {
  connection: GraphqlSocket | undefined;
  /** Has been pinged and not answered. */
  silent = false;
}
