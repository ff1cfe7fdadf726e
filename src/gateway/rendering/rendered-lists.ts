import type { GatewayContext } from '../gateway-context';
import type { RecommendationUpdate } from '../schema-mappers';
import { AnnouncedList } from '../../push/announced-list';
import type { Position, RecommendationList } from '../../push/recommendation-list';
import type { ListPlan } from './list-plans';

/** What makes two answers for the same list the same text. */
interface Shape {
  readonly plan: ListPlan;
  readonly first: number;
  /** The place of the list that `change` starts from. */
  readonly before: Position | undefined;
  /** Shared by all who may see the same. */
  readonly context: GatewayContext;
}

export interface RenderedList extends Shape {
  /** The payload of `next`, in UTF-8. */
  readonly text: string;
}

/**
 * Each list as text, written once for each distinct shape, however many sockets get it, for as long as somebody holds the list. One that
 * was announced to a single subscription is not remembered.
 * A text that is shared says in `timings.push` when the first of them got it.
 */
export class RenderedLists {
  private readonly known = new WeakMap<RecommendationList, RenderedList[]>();

  /** @throws what `ListPlan.write` throws. */
  render(plan: ListPlan, update: RecommendationUpdate, context: GatewayContext): string {
    const {
      before,
      view: { list, first },
    } = update;
    // What is remembered here outlives the list by a collection of garbage or two: too dear for a text that nobody else will want.
    if (list instanceof AnnouncedList && !list.shared) return plan.write(update, context);
    const own = this.known.get(list);
    const same = own?.find((it) => it.plan === plan && it.context === context && it.first === first && samePlace(it.before, before));
    if (same) return same.text;
    const rendered = { plan, first, before, context, text: plan.write(update, context) };
    if (own) own.push(rendered);
    else this.known.set(list, [rendered]);
    return rendered.text;
  }
}

const samePlace = (a: Position | undefined, b: Position | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.revision === b.revision && a.epoch === b.epoch);
