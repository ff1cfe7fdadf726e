import { AnnouncedList } from '../../push/announced-list';
import type { MailboxListener } from '../../push/latest-mailbox';
import type { RecommendationList } from '../../push/recommendation-list';
import type { HeldShape } from '../../push/served-shapes';
import type { GatewayContext } from '../gateway-context';
import type { RecommendationUpdates } from '../recommendation-updates';
import type { ListPlan } from '../rendering/list-plans';
import { quote } from '../rendering/quote';
import type { RenderedLists } from '../rendering/rendered-lists';
import type { RecommendationUpdate } from '../schema-mappers';
import type { GraphqlSocket, OperationSlot } from './graphql-socket';
import type { OutboxSource } from './outbox';
import type { FrameSpace } from './text-frame';

/** What the subscriptions to lists share. */
export interface ListOperationParts {
  readonly rendered: RenderedLists;
  /** Counts and times an update that is being sent. */
  readonly onSent: (update: RecommendationUpdate) => void;
  /** The JSON of an error of the source. */
  readonly errorText: (error: unknown) => string;
}

/** What one subscription was asked for. */
export interface ListRequest {
  readonly plan: ListPlan;
  /** For writing lists: shared by everybody who may see the same. */
  readonly audience: GatewayContext;
  /** What workers prepare its lists by; absent: they do not. */
  readonly shape: HeldShape | undefined;
  /** The payload of `next` for an update that the plan cannot write, by graphql-js. */
  readonly answerSlowly: (update: RecommendationUpdate) => Promise<string>;
}

/**
 * A subscription to lists whose selection is compiled. It waits in no promise: the watch says when there is a list, the outbox when
 * the socket takes one, and then the newest is written.
 */
export class ListOperation implements MailboxListener<RecommendationList>, OutboxSource {
  private ready = false;
  /** Asked by the outbox, or answering slowly. */
  private busy = false;
  private shape: HeldShape | undefined;

  constructor(
    private readonly parts: ListOperationParts,
    private readonly socket: GraphqlSocket,
    private readonly slot: OperationSlot,
    private readonly updates: RecommendationUpdates,
    private readonly request: ListRequest,
  ) {
    this.shape = request.shape;
  }

  start(): void {
    this.updates.follow(this);
  }

  stop(): Promise<unknown> {
    this.shape?.release();
    this.shape = undefined;
    return this.updates.return();
  }

  onReady(): void {
    this.ready = true;
    if (this.busy) return;
    this.busy = true;
    this.socket.outbox.ask(this);
  }

  onFailure(error: unknown): void {
    this.socket.sayError(this.slot, this.parts.errorText(error));
    void this.stop();
  }

  onEnd(): void {
    this.socket.finish(this.slot);
  }

  /** Whether a worker has written its text: it is sent without a look at the list. */
  canUse(list: RecommendationList): boolean {
    return this.shape !== undefined && list instanceof AnnouncedList && list.piecesFor(this.shape) !== undefined;
  }

  takeFrame(frames: FrameSpace): Buffer | undefined {
    this.ready = false;
    this.busy = false;
    const update = this.slot.ended ? undefined : this.updates.take();
    if (!update) return undefined;
    const frame = this.frameOf(update, frames);
    if (frame) this.parts.onSent(update);
    else void this.sendSlowly(update);
    return frame;
  }

  private frameOf(update: RecommendationUpdate, frames: FrameSpace): Buffer | undefined {
    const { plan, audience } = this.request;
    frames.begin();
    try {
      frames.text(`{"id":${quote(this.slot.id)},"type":"next","payload":`);
      this.parts.rendered.write(frames, plan, update, audience, this.shape);
      frames.text('}');
      return frames.end();
    } catch {
      return undefined; // graphql-js makes an answer of it, errors included
    }
  }

  private async sendSlowly(update: RecommendationUpdate): Promise<void> {
    this.busy = true;
    try {
      const payload = await this.request.answerSlowly(update);
      if (this.slot.ended) return;
      this.parts.onSent(update);
      this.socket.sayNext(this.slot, payload);
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.busy = false;
      if (this.ready) this.onReady();
    }
  }
}
