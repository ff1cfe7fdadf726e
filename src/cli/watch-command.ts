import { Command } from 'commander';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { WATCH_RECOMMENDATIONS } from './documents';
import { wholeBetween } from './option-parsers';
import { renderUpdate, shownOf, summarizeUpdate, type Shown, type WatchedUpdate } from './render-update';
import type { Terminal } from './terminal';

interface WatchCommandOptions extends ApiOptions {
  readonly surface: string;
  readonly first: number;
  readonly plain?: true;
  readonly count?: number;
}

export interface WatchCommandDeps {
  readonly terminal: Terminal;
  /** Calls back when the user has had enough (Ctrl-C), until the returned function is called. */
  readonly onInterrupt: (end: () => void) => () => void;
}

export function watchCommand({ terminal, onInterrupt }: WatchCommandDeps): Command {
  const command = new Command('watch')
    .description('show a user’s list live: what moved, what is new, and why')
    .argument('<user>', 'whose list')
    .option('--surface <name>', 'where it is shown', 'home')
    .option('--first <n>', 'how many items', wholeBetween(1, 50), 10)
    .option('--count <n>', 'end after so many updates', wholeBetween(1, 1e9))
    .option('--plain', 'one block of lines for each change, without redrawing (default when not on a terminal)');
  return addApiOptions(command)
    .addHelpText('after', '\n✚ new on the list, ↑ ↓ moved by so many ranks. Ctrl-C ends it. Reconnects by itself.')
    .action((userId: string, options: WatchCommandOptions) => watch(userId, options, { terminal, onInterrupt }));
}

async function watch(userId: string, options: WatchCommandOptions, { terminal, onInterrupt }: WatchCommandDeps): Promise<void> {
  const view = options.json ? jsonView(terminal) : options.plain || !terminal.isTty ? plainView(terminal) : screenView(terminal);
  const notices = new Notices(view, options.url);
  const client = apiClientOf(options, { onLost: () => notices.lost(), onConnected: () => notices.connected() });
  const updates = client.subscribe<{ recommendations: WatchedUpdate }>(WATCH_RECOMMENDATIONS, {
    userId,
    surface: options.surface,
    first: options.first,
  });
  const stopListening = onInterrupt(() => void updates.return?.());
  try {
    let seen = 0;
    for await (const { recommendations } of updates) {
      view.show(recommendations);
      if (++seen === options.count) break;
    }
  } finally {
    stopListening();
    await client.close();
  }
}

/** Says once, not at every try, that the connection is away. */
class Notices {
  private everConnected = false;
  private away = false;

  constructor(
    private readonly view: View,
    private readonly url: string,
  ) {}

  lost(): void {
    if (this.away) return;
    this.away = true;
    this.view.notice(this.everConnected ? 'connection lost, trying again …' : `nobody answers at ${this.url}, trying again …`);
  }

  connected(): void {
    if (this.away) this.view.notice('connected');
    this.everConnected = true;
    this.away = false;
  }
}

interface View {
  show(update: WatchedUpdate): void;
  notice(text: string): void;
}

function jsonView(terminal: Terminal): View {
  return {
    show: (update) => terminal.out(`${JSON.stringify(update)}\n`),
    notice: (text) => terminal.err(`${text}\n`),
  };
}

function plainView(terminal: Terminal): View {
  let before: Shown | undefined;
  return {
    show: (update) => {
      terminal.out(`${summarizeUpdate(update, before).join('\n')}\n`);
      before = shownOf(update);
    },
    notice: (text) => terminal.err(`${text}\n`),
  };
}

/** Draws over what it drew before. A notice goes under the list and is drawn over by the next one. */
function screenView(terminal: Terminal): View {
  let before: Shown | undefined;
  let list: string[] = [];
  let drawn = 0;
  const draw = (lines: readonly string[]): void => {
    terminal.out(`${drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  return {
    show: (update) => {
      list = renderUpdate(update, before, { columns: terminal.columns, colour: true });
      before = shownOf(update);
      draw(list);
    },
    notice: (text) => draw([...list, text]),
  };
}
