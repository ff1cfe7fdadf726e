import pino from 'pino';

export type Log = pino.Logger;

/** A logger of JSON lines on standard output; every line names the process. Secrets in URLs and headers are cut out. */
export function createLog(name: string, level: string): Log {
  return pino({
    name,
    level,
    redact: { paths: ['*.authorization', '*.Authorization', 'authorization', '*.password'], censor: '[cut]' },
    serializers: { err: pino.stdSerializers.err },
  });
}

/** A URL fit for a log line: without user and password. */
export function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
