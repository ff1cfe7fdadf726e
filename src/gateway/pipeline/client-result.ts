import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { isVariableError, toClientError, withRequestCode, type ClientErrorDeps } from '../errors/to-client-error';

/** The errors as the client sees them: graphql-js gives no code to variables that it refuses. */
export const clientErrors = (errors: readonly GraphQLError[], errorDeps: ClientErrorDeps): GraphQLFormattedError[] =>
  errors.map((error) => toClientError(isVariableError(error) ? withRequestCode(error, 'BAD_USER_INPUT') : error, errorDeps));

/** The result of an execution as the client sees it, errors first. */
export function clientResult({ errors, data }: ExecutionResult, errorDeps: ClientErrorDeps): FormattedExecutionResult {
  return { ...(errors && { errors: clientErrors(errors, errorDeps) }), ...(data !== undefined && { data }) };
}
