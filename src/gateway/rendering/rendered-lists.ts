import { AnnouncedList } from '../../push/announced-list';
import type { Position, RecommendationList } from '../../push/recommendation-list';
import type { PreparedShape } from '../../push/prepared-texts';
import type { GatewayContext } from '../gateway-context';
import { listDelta } from '../list-delta';
import type { RecommendationUpdate } from '../schema-mappers';
import { isSameShown, type Shown } from '../shown';
import type { ListPlan } from './list-plans';
import type { Utf8Writer } from './write';

/** What makes two answers for the same list the same text. */
interface Shape {
  readonly plan: ListPlan;
  readonly first: number;
  /** The place of the list that `change` starts from. */
  readonly before: Position | undefined;
  /** What that list was to whoever is sent a delta to this one. */
  readonly base: Shown | undefined;
  /** Shared by all who may see the same. */
  readonly context: GatewayContext;
}

export interface RenderedList extends Shape {
  /** The payload of `next`, in UTF-8. */
  readonly text: string;
  /** What the list is to whoever gets this text, if it is sent deltas. */
  readonly shown: Shown | undefined;
}

/**
 * Each list as text, written once for each distinct shape, however many sockets get it, for as long as somebody holds the list. One that
 * was announced to a single subscription is not remembered.
 * A text that is shared says in `timings.push` when the first of them got it.
 */
export class RenderedLists {
  private readonly known = new WeakMap<RecommendationList, RenderedList[]>();

  /** @param onPrepared runs for each text that a worker had prepared. */
  constructor(private readonly onPrepared: () => void = () => undefined) {}

  /**
   * Writes the payload of `next`.
   * @param shape what workers know the texts of this plan by, for these subscriptions; of a plan in as many pieces.
   * @throws what `ListPlan.write` throws, when a part may have been written.
   */
  write(out: Utf8Writer, plan: ListPlan, update: RecommendationUpdate, context: GatewayContext, shape?: PreparedShape): void {
    const { list } = update.view;
    const pieces = shape !== undefined && list instanceof AnnouncedList ? list.piecesFor(shape) : undefined;
    if (!pieces) return out.text(this.render(plan, update, context));
    plan.pieces!.join(out, pieces, update, context);
    if (!(list as AnnouncedList).shared) (list as AnnouncedList).isSent = true;
    this.onPrepared();
  }

  /** The payload of `next`, in UTF-8. @throws what `ListPlan.write` throws. */
  render(plan: ListPlan, update: RecommendationUpdate, context: GatewayContext): string {
    const { before, memory } = update;
    const { list, first } = update.view;
    const base = before?.epoch === list.epoch ? memory?.shown : undefined;
    if (memory) memory.shown = undefined; // until it is known what was sent
    if (isForOne(list, before)) {
      // What is remembered here outlives the list by a collection of garbage or two: too dear for a text that nobody else will want.
      const { text, shown } = written(plan, update, { base, context });
      if (memory) memory.shown = shown;
      return text;
    }
    const own = this.known.get(list);
    const same = own?.find(
      (it) =>
        it.plan === plan && it.context === context && it.first === first && samePlace(it.before, before) && isSameShown(it.base, base),
    );
    const rendered = same ?? { plan, first, before, base, context, ...written(plan, update, { base, context }) };
    if (memory) memory.shown = rendered.shown;
    if (same) return same.text;
    if (own) own.push(rendered);
    else this.known.set(list, [rendered]);
    return rendered.text;
  }
}

/** Whether nobody else will want the text: announced to one subscription, or read for the beginning of one. */
const isForOne = (list: RecommendationList, before: Position | undefined): boolean =>
  before === undefined || (list instanceof AnnouncedList && !list.shared);

/**
 * The text of an update, a delta if one is asked for and possible, and what it shows. Both are of one moment: what an item is may change
 * while a list is held, and the next delta has to start from what was written.
 */
function written(
  plan: ListPlan,
  update: RecommendationUpdate,
  { base, context }: Pick<Shape, 'base' | 'context'>,
): Pick<RenderedList, 'text' | 'shown'> {
  const { view, arrivedAt, before } = update;
  const shown = plan.show?.(view, context);
  const delta = shown && before && base && listDelta({ base: before, before: base, list: view.list, after: shown });
  if (!delta) return { text: plan.write(update, context), shown };
  const withDelta: RecommendationUpdate = {
    ...{ view, arrivedAt, before, delta },
    get change() {
      return update.change;
    },
  };
  return { text: plan.write(withDelta, context), shown };
}

const samePlace = (a: Position | undefined, b: Position | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.revision === b.revision && a.epoch === b.epoch);
