import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { badInput } from '../../../platform/errors';
import { decodeAnswer, type DecodeAnswer, type DecodeOrder } from './decode-order';
import type { MediaLimits } from './media-limits';
import { MediaRefused, type MediaKind } from './media-refused';
import type { OnnxSettings } from './onnx-encoder';

/** What the process may answer at most; more is no answer of ours. */
const MOST_ANSWER_BYTES = 256 * 1024;
/** Limits of the shell where it has them: data (heap and anonymous memory), size of files written, dumps of the memory, CPU seconds. */
const LIMITED = 'ulimit -d "$1" 2>/dev/null; ulimit -f 0; ulimit -c 0; ulimit -t "$2"; shift 2; exec "$@"';

export interface SandboxOptions {
  /** The built script that decodes. */
  readonly script?: string;
  readonly node?: string;
}

/**
 * Describes files of untrusted origin, each in a process of its own, which is killed at the deadline: libraries that decode have had holes, and a small
 * file can claim gigabytes. The process has no environment, may write no file, and takes at most so much memory and CPU time; where the system lets an
 * ordinary process have network namespaces of its own (`unshare`), it also has no network.
 */
export class MediaSandbox {
  private readonly script: string;
  private readonly node: string;
  private readonly isolation: readonly string[];

  constructor({ script = join(__dirname, 'decode-child.js'), node = process.execPath }: SandboxOptions = {}) {
    this.script = script;
    this.node = node;
    const unshare = ['/usr/bin/unshare', '--net', '--map-root-user', '--'];
    this.isolation = spawnSync(unshare[0]!, [...unshare.slice(1), '/bin/true'], { stdio: 'ignore' }).status === 0 ? unshare : [];
  }

  /** Whether the process that decodes is cut off from the network by the system, and not only by having nothing to do there. */
  get withoutNetwork(): boolean {
    return this.isolation.length > 0;
  }

  /**
   * The vector of a file.
   * @throws MediaRefused when the file is at fault or goes over a limit, within about the deadline; BeckonError BAD_INPUT when the encoder cannot be used.
   */
  async describe(kind: MediaKind, bytes: Uint8Array, limits: MediaLimits, encoder?: OnnxSettings): Promise<number[]> {
    if (bytes.length > limits.maxBytes)
      throw new MediaRefused(kind, 'too_large', `${bytes.length} bytes; at most ${limits.maxBytes} are read`);
    const { maxPixels, maxSeconds } = limits;
    const order: DecodeOrder = { kind, maxPixels, maxSeconds, ...(kind === 'image' && encoder !== undefined && { encoder }) };
    const answer = await this.ask(order, bytes, limits);
    if (answer.kind === 'described') return answer.vector;
    if (answer.kind === 'unusable') throw badInput(answer.field ?? 'features', answer.message);
    throw new MediaRefused(kind, answer.reason, answer.message.replace(`${kind}: `, ''));
  }

  private async ask(order: DecodeOrder, bytes: Uint8Array, limits: MediaLimits): Promise<DecodeAnswer> {
    const child = this.start(limits);
    child.stdin!.on('error', () => undefined); // it may end before it has read everything: its end says so
    child.stdin!.write(`${JSON.stringify(order)}\n`);
    child.stdin!.end(bytes);
    const { text, end } = await endOf(child, limits.deadlineMs);
    const answer = end === 'ended' ? parsed(text) : undefined;
    if (answer !== undefined) return answer;
    if (end === 'too_slow') return { kind: 'refused', reason: 'too_slow', message: `not decoded within ${limits.deadlineMs} ms` };
    return { kind: 'refused', reason: 'out_of_memory', message: `needs more than ${limits.memoryMb} MiB, or broke the decoder` };
  }

  private start({ memoryMb, deadlineMs }: MediaLimits): ChildProcess {
    const heapMb = Math.floor(memoryMb / 4);
    const limits = [String(memoryMb * 1024), String(Math.ceil(deadlineMs / 1000) + 1)];
    const command = [...this.isolation, this.node, `--max-old-space-size=${heapMb}`, this.script];
    return spawn('/bin/sh', ['-c', LIMITED, 'sh', ...limits, ...command], { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
  }
}

interface Ending {
  readonly text: string;
  readonly end: 'ended' | 'too_slow' | 'died';
}

/** Waits for the end of the process, which comes at the deadline at the latest. */
function endOf(child: ChildProcess, deadlineMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    let text = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.length > MOST_ANSWER_BYTES) child.kill('SIGKILL');
    });
    const ended = (end: Ending['end']): void => {
      clearTimeout(timer);
      resolve({ text, end });
    };
    child.once('error', () => ended('died'));
    child.once('close', (code, signal) => ended(late || signal === 'SIGXCPU' ? 'too_slow' : code === 0 ? 'ended' : 'died'));
  });
}

function parsed(text: string): DecodeAnswer | undefined {
  try {
    return decodeAnswer.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
