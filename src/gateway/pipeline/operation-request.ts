/** What a client asks for, in the same words on every transport. */
export interface OperationRequest {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  /** SHA-256 of a trusted document. */
  readonly documentId?: string | null | undefined;
}
