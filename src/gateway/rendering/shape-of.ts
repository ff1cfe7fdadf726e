import { print } from 'graphql';
import type { ServedShape } from '../../push/served-shape';
import type { GatewayContext } from '../gateway-context';
import type { RecommendationUpdates } from '../recommendation-updates';
import type { ListPlan, PlanSource } from './list-plans';

const texts = new WeakMap<PlanSource, string>();

/** What one subscription has in common with all that get the same text of a list. */
export function shapeOf(
  { source }: Pick<ListPlan, 'source'>,
  { surface, first }: Pick<RecommendationUpdates, 'surface' | 'first'>,
  { identity: { scopes } }: Pick<GatewayContext, 'identity'>,
): ServedShape {
  const { operationName, variables } = source;
  return {
    ...{ surface, document: documentText(source), variables, first, scopes: [...scopes].sort() },
    ...(operationName !== undefined && { operationName }),
  };
}

function documentText(source: PlanSource): string {
  let text = texts.get(source);
  if (text === undefined) texts.set(source, (text = print(source.document)));
  return text;
}
