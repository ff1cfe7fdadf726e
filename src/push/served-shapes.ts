import { shapeId, type ServedCount, type ServedShape } from './served-shape';

/** A shape that a gateway serves, shared by all of its subscriptions. */
export interface HeldShape {
  readonly id: string;
  /** One subscription less. */
  release(): void;
}

class Held implements HeldShape {
  count = 0;

  constructor(
    readonly id: string,
    readonly shape: ServedShape,
    private readonly onEmpty: () => void,
  ) {}

  release(): void {
    if (--this.count === 0) this.onEmpty();
  }
}

/** Which shapes the subscriptions of this gateway have, by tenant. */
export class ServedShapes {
  private readonly held = new Map<string, Map<string, Held>>();

  constructor(private readonly contract: string) {}

  /** Counts one subscription more. Release it when that ends. */
  hold(tenant: string, shape: ServedShape): HeldShape {
    let own = this.held.get(tenant);
    if (!own) this.held.set(tenant, (own = new Map<string, Held>()));
    const shapes = own;
    const id = shapeId(shape, this.contract);
    let held = shapes.get(id);
    if (!held) shapes.set(id, (held = new Held(id, shape, () => shapes.delete(id))));
    held.count++;
    return held;
  }

  /** Tenants that had subscriptions at some time. */
  get tenants(): Iterable<string> {
    return this.held.keys();
  }

  /** The shapes that most subscriptions of a tenant have, at most `most` of each surface. */
  most(tenant: string, most: number): ServedCount[] {
    const own = [...(this.held.get(tenant)?.values() ?? [])];
    return foremost(
      own.map(({ id, shape, count }) => ({ id, shape, count })),
      most,
    );
  }
}

/** Those that count most, the first `most` of each surface; ties by id. */
export function foremost(served: readonly ServedCount[], most: number): ServedCount[] {
  const taken = new Map<string, number>();
  const inOrder = [...served].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  return inOrder.filter(({ shape: { surface } }) => {
    const before = taken.get(surface) ?? 0;
    taken.set(surface, before + 1);
    return before < most;
  });
}
