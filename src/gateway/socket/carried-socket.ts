import { WebSocket } from 'ws';
import type { MessageRate } from '../limits/message-rate';
import type { GraphqlSocket } from './graphql-socket';

/** A socket that knows what it carries, so that one listener for each event serves all sockets. */
export class CarriedSocket extends WebSocket {
  connection: GraphqlSocket | undefined;
  /** Of the other side, as the limits count it. */
  address = '';
  rate: MessageRate | undefined;
  /** Has been pinged and not answered. */
  silent = false;
}
