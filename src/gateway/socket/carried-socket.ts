import { WebSocket } from 'ws';
import type { MessageRate } from '../limits/message-rate';
import type { GraphqlSocket } from './graphql-socket';
import type { Pinged } from './heartbeat';

/** A socket that knows what it carries, so that one listener for each event serves all sockets. */
export class CarriedSocket extends WebSocket implements Pinged {
  connection: GraphqlSocket | undefined;
  /** Of the other side, as the limits count it. */
  address = '';
  rate: MessageRate | undefined;
  /** Has been pinged and has not answered yet. */
  awaitsPong = false;
  private wasPinged = false;

  ask(): void {
    const { connection } = this;
    if (!connection || connection.outbox.hasUnread) return;
    this.wasPinged = !this.wasPinged;
    if (this.wasPinged) this.awaitsPong = connection.outbox.ping();
    else connection.outbox.nudge();
  }

  /** While it leaves something unread it cannot have seen the ping; there is a deadline for that. */
  get isSilent(): boolean {
    return this.awaitsPong && this.connection?.outbox.hasUnread === false;
  }
}
