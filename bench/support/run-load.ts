import { join } from 'node:path';
import type { z } from 'zod';
import { loadReport } from './load-messages';
import { RunningProgram } from './node-program';
import type { BenchScope } from './run-bench';

interface Load<Result> {
  /** Name of the built script in this folder. */
  readonly script: string;
  readonly job: object;
  readonly result: z.ZodType<Result>;
  /** Called when the measured part begins; what it returns is called at its end. */
  readonly onBegun: () => () => void;
}

/** Runs one load in a process of its own, so that measuring does not slow down what is measured. */
export async function runLoad<Result>({ stopping }: BenchScope, { script, job, result, onBegun }: Load<Result>): Promise<Result> {
  const program = RunningProgram.start({ name: 'the load process', script: join(__dirname, script) });
  await stopping(program.name, () => program.stop());
  program.send(job);
  let onEnded: () => void = () => undefined;
  const outcome = await program.next((message) => {
    const report = loadReport.parse(message);
    if ('result' in report) return { value: report.result };
    if (report.phase === 'begun') onEnded = onBegun();
    else onEnded();
    return undefined;
  });
  await program.stop();
  return result.parse(outcome.value);
}
