import { getOperationAST, parse, type GraphQLSchema } from 'graphql';
import type { CatalogueView } from '../../catalogue/catalogue';
import type { Log } from '../../platform/log';
import type { PreparedList, PreparedText } from '../../push/prepared-texts';
import type { ListBody } from '../../push/recommendation-list';
import { shapeId, type ServedCount } from '../../push/served-shape';
import type { AskedOfSurface } from '../../push/served-shapes.redis';
import type { GatewayContext } from '../gateway-context';
import type { RecommendationUpdate } from '../schema-mappers';
import { ListPlans, type ListPlan } from './list-plans';

/** What is used to write a list: what a gateway gives its resolvers besides is not there. */
type WritingContext = Pick<GatewayContext, 'identity' | 'items'>;

interface Prepared {
  readonly plan: ListPlan | undefined;
  readonly context: GatewayContext;
}

export interface PrepareListsOptions {
  readonly schema: GraphQLSchema;
  /** What the schema is, as gateways name their shapes by. */
  readonly contract: string;
  /** The shapes that are wanted of the lists of a surface. */
  readonly shapesOf: (tenant: string, surface: string) => AskedOfSurface;
  readonly itemsOf: (tenant: string) => CatalogueView;
  readonly log: Log;
}

/** Most shapes whose plans are kept. */
const MOST_PLANS = 200;

/**
 * Writes a list, before it is announced, as gateways will send it to those who watch, so that they need not: all but what only they know.
 * A shape that cannot be written here is left out, and gateways write it themselves.
 */
export class PrepareLists {
  private readonly plans: ListPlans;
  private readonly byShape = new Map<string, Prepared>();

  constructor(private readonly options: PrepareListsOptions) {
    this.plans = new ListPlans(options.schema);
  }

  prepare(body: ListBody): PreparedList {
    const { served, suffice } = this.options.shapesOf(body.tenant, body.surface);
    const texts: PreparedText[] = [];
    for (const one of served) {
      const pieces = this.piecesOf(body, one);
      if (pieces) texts.push({ shape: one.id, pieces });
    }
    return { texts, suffices: suffice && texts.length > 0 && texts.length === served.length };
  }

  private piecesOf(body: ListBody, served: ServedCount): string[] | undefined {
    const { plan, context } = this.preparedFor(body.tenant, served);
    if (!plan?.pieces) return undefined;
    try {
      return plan.pieces.write(updateOf(body, served.shape.first), context);
    } catch (error) {
      this.options.log.debug({ err: error, shape: served.id }, 'a list could not be prepared');
      return undefined;
    }
  }

  private preparedFor(tenant: string, served: ServedCount): Prepared {
    const name = `${tenant}\n${served.id}`;
    let prepared = this.byShape.get(name);
    if (prepared) return prepared;
    if (this.byShape.size >= MOST_PLANS) this.byShape.clear();
    prepared = { plan: this.planOf(served), context: this.contextFor(tenant, served) };
    this.byShape.set(name, prepared);
    return prepared;
  }

  private planOf({ id, shape }: ServedCount): ListPlan | undefined {
    if (shapeId(shape, this.options.contract) !== id) return undefined; // of a gateway with another schema
    try {
      const document = parse(shape.document);
      const operation = getOperationAST(document, shape.operationName);
      return operation ? this.plans.planOfSelection(document, operation, shape.variables) : undefined;
    } catch (error) {
      this.options.log.warn({ err: error, shape: id }, 'a document that a gateway serves is not understood here');
      return undefined;
    }
  }

  private contextFor(tenant: string, { shape }: ServedCount): GatewayContext {
    const context: WritingContext = {
      identity: { tenant, userId: '', scopes: new Set(shape.scopes) as GatewayContext['identity']['scopes'] },
      items: this.options.itemsOf(tenant),
    };
    return context as GatewayContext; // a resolver that wants more throws, and its shape is left out
  }
}

/** The update before its place is known. */
const updateOf = (body: ListBody, first: number): RecommendationUpdate => ({
  view: { list: { ...body, epoch: '', revision: 0 }, first, stale: false },
  arrivedAt: 0,
  before: undefined,
  change: undefined,
});
