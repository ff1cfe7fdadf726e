import type { GatewayContext } from '../gateway-context';
import type { PreparedOperation } from '../pipeline/prepare';
import type { ResultType } from './answer-type';

/** The context of an operation that Apollo Server runs. */
export interface HttpContext extends GatewayContext {
  readonly prepared: PreparedOperation;
  readonly answerType: ResultType;
}
