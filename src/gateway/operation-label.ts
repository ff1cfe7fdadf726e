import { Kind, type OperationDefinitionNode } from 'graphql';

/** The field at the top of an operation that has been validated; `several` for more than one. Few values, so it may label metrics. */
export function operationLabel(operation: OperationDefinitionNode | null | undefined): string {
  const selections = operation?.selectionSet.selections ?? [];
  const [only] = selections;
  if (!only) return 'none';
  return selections.length === 1 && only.kind === Kind.FIELD ? only.name.value : 'several';
}

/** `ok`, or the code of the first error as it was sent to the client. */
export function outcomeLabel(errors: readonly { readonly extensions?: { readonly [name: string]: unknown } }[] | undefined): string {
  const [first] = errors ?? [];
  if (!first) return 'ok';
  const code = first.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}
