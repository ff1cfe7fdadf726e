import { Command } from 'commander';
import type { Store, StoreOptions } from './compose';
import { importCommand } from './import-command';
import { inspectCommand } from './inspect-command';
import type { Backlog } from './read-queues.bullmq';
import { recordCommand } from './record-command';
import { replayCommand } from './replay-command';
import type { Terminal } from './terminal';
import { trainCommand } from './train-command';
import { watchCommand } from './watch-command';

export interface ProgramDeps {
  readonly terminal: Terminal;
  readonly openStore: (options: StoreOptions) => Promise<Store>;
  readonly inspectBacklog: (options: StoreOptions) => Promise<Backlog>;
  /** Calls back when the user has had enough (Ctrl-C), until the returned function is called. */
  readonly onInterrupt: (end: () => void) => () => void;
  /** Sets the exit code of a command that ran to its end but did not succeed. */
  readonly fail: (code: number) => void;
}

/** The whole command line; throws instead of ending the process. */
export function createProgram(deps: ProgramDeps): Command {
  const program = new Command('beckon').description('Beckon from the command line: data in, lists out.');
  for (const command of [
    importCommand(deps),
    replayCommand(deps),
    recordCommand(deps),
    watchCommand(deps),
    trainCommand(deps),
    inspectCommand(deps),
  ]) {
    program.addCommand(command);
  }
  forAll(program, (command) =>
    command
      .exitOverride()
      .configureOutput({ writeOut: deps.terminal.out, writeErr: deps.terminal.err })
      .configureHelp({ helpWidth: 110 })
      .showHelpAfterError(`(beckon ${nameOf(command)}--help says how it is used)`),
  );
  return program;
}

function forAll(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const sub of command.commands) forAll(sub, apply);
}

/** `inspect user ` for the command below `beckon`; '' for beckon itself. */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)}${command.name()} ` : '';
}
