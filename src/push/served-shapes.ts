import type { EpochMs } from '../platform/clock';
import type { PreparedShape } from './prepared-texts';
import { shapeId, type ServedCount, type ServedShape } from './served-shape';

/** A shape that a gateway serves, shared by all of its subscriptions. */
export interface HeldShape extends PreparedShape {
  /** One subscription less. */
  release(): void;
}

class Held implements HeldShape {
  count = 0;

  constructor(
    readonly id: string,
    readonly shape: ServedShape,
    readonly pieces: number,
    private readonly onEmpty: () => void,
  ) {}

  release(): void {
    if (--this.count === 0) this.onEmpty();
  }
}

interface OfTenant {
  readonly shapes: Map<string, Held>;
  /** When a list was last needed whole, by surface. */
  readonly wholeAt: Map<string, EpochMs>;
}

/** What the subscriptions of this gateway need of the lists that are announced, by tenant: shapes, or all. */
export class ServedShapes {
  private readonly byTenant = new Map<string, OfTenant>();

  constructor(private readonly contract: string) {}

  /**
   * Counts one subscription more. Release it when that ends.
   * @param pieces of how many its text is made: the same for every subscription of the shape.
   */
  hold(tenant: string, shape: ServedShape, pieces: number): HeldShape {
    const { shapes } = this.of(tenant);
    const id = shapeId(shape, this.contract);
    let held = shapes.get(id);
    if (!held) shapes.set(id, (held = new Held(id, shape, pieces, () => shapes.delete(id))));
    held.count++;
    return held;
  }

  /** A list of a surface was needed whole: none of its texts would do. */
  noteWhole(tenant: string, surface: string, at: EpochMs): void {
    this.of(tenant).wholeAt.set(surface, at);
  }

  /** The surfaces whose lists were needed whole at or after a moment, in alphabetical order. */
  wholeSince(tenant: string, since: EpochMs): string[] {
    const all = [...(this.byTenant.get(tenant)?.wholeAt ?? [])];
    return all.flatMap(([surface, at]) => (at >= since ? [surface] : [])).sort();
  }

  /** Tenants that had subscriptions at some time. */
  get tenants(): Iterable<string> {
    return this.byTenant.keys();
  }

  /** The shapes that most subscriptions of a tenant have, at most `most` of each surface. */
  most(tenant: string, most: number): ServedCount[] {
    const own = [...(this.byTenant.get(tenant)?.shapes.values() ?? [])];
    return foremost(
      own.map(({ id, shape, count }) => ({ id, shape, count })),
      most,
    );
  }

  private of(tenant: string): OfTenant {
    let own = this.byTenant.get(tenant);
    if (!own) this.byTenant.set(tenant, (own = { shapes: new Map(), wholeAt: new Map() }));
    return own;
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
