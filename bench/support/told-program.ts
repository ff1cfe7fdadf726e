import type { z } from 'zod';
import { RunningProgram, type NodeProgram } from './node-program';
import type { BenchScope } from './run-bench';

/** A process that is told what to do, one thing after the other: the other side of `obeyCommands`. */
export class ToldProgram<Command extends object, Reply> {
  private constructor(
    private readonly program: RunningProgram,
    private readonly codec: z.ZodType<Reply>,
  ) {}

  /** Ends with the bench. */
  static async start<Command extends object, Reply>(
    scope: BenchScope,
    program: NodeProgram,
    codec: z.ZodType<Reply>,
  ): Promise<ToldProgram<Command, Reply>> {
    const running = RunningProgram.start(program);
    await scope.stopping(program.name, () => running.stop());
    return new ToldProgram<Command, Reply>(running, codec);
  }

  get pid(): number {
    return this.program.pid;
  }

  /** Resolves when it is done. @throws Error when the process ends first. */
  order(command: Command): Promise<Reply> {
    this.program.send(command);
    return this.program.next((message) => this.codec.parse(message));
  }
}
