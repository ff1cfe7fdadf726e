import { CommanderError } from 'commander';
import pc from 'picocolors';
import { BeckonError } from '../platform/errors';
import { ApiError } from './api-error';
import { createProgram, type ProgramDeps } from './program';

/**
 * Runs one command line to its end; the exit code: 0 done, 1 failed, 2 used in the wrong way. Failures are written in one
 * line of words; with `--json`, as JSON. Errors that are nobody's mistake but ours keep their stack.
 */
export async function run(args: readonly string[], deps: Omit<ProgramDeps, 'fail'>): Promise<number> {
  let exitCode = 0;
  const program = createProgram({ ...deps, fail: (code) => (exitCode = code) });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has written what is wrong
    deps.terminal.err(args.includes('--json') ? inJson(error) : inWords(error, deps.terminal.isTty));
    return error instanceof BeckonError && error.code === 'BAD_INPUT' ? 2 : 1;
  }
}

function inWords(error: unknown, colour: boolean): string {
  const paint = pc.createColors(colour);
  if (error instanceof BeckonError || error instanceof ApiError) {
    const hint = error.retryable ? ' (may work if you try again)' : '';
    return `${paint.red('beckon:')} ${error.message}${hint} ${paint.dim(`[${error.code}]`)}\n`;
  }
  return `${paint.red('beckon:')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

function inJson(error: unknown): string {
  if (!(error instanceof BeckonError || error instanceof ApiError))
    return `${JSON.stringify({ error: { code: 'INTERNAL', message: String(error) } })}\n`;
  const { code, message, field, retryable } = error;
  return `${JSON.stringify({ error: { code, message, field, retryable } })}\n`;
}
