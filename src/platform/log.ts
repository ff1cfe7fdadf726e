import pino from 'pino';

export type Log = pino.Logger;

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  /** Name of the Redis command that failed; never its arguments, which hold passwords and what users did. */
  readonly command?: string;
  readonly cause?: DescribedError;
}

/** What of an error may be logged: everything that is ours, and nothing that a library has attached. */
function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code, command, cause } = error as Error & { code?: unknown; command?: { name?: unknown } };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(typeof code === 'string' && { code }),
    ...(typeof command?.name === 'string' && { command: command.name }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** A logger of JSON lines on standard output; every line names the process. Secrets in URLs and headers are cut out. */
export function createLog(name: string, level: string): Log {
  return pino({
    name,
    level,
    redact: { paths: ['*.authorization', '*.Authorization', 'authorization', '*.password'], censor: '[cut]' },
    serializers: { err: describeError },
  });
}

/** A URL fit for a log line: without user, password and query. */
export function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//').replace(/\?.*$/, '');
}
