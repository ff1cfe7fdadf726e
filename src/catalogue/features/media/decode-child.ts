import { buffer } from 'node:stream/consumers';
import { decodeOrder } from './decode-order';
import { describeMedia } from './describe-media';

/*
 * Decodes one file and ends: a process that `MediaSandbox` starts with limits of memory and CPU time, an empty environment, and nothing but three pipes.
 * It reads an order (a line) and the file from its input, and writes one line.
 */
async function main(): Promise<void> {
  const input = await buffer(process.stdin);
  const line = input.indexOf(10);
  const answer = await describeMedia(decodeOrder.parse(JSON.parse(input.toString('utf8', 0, line))), input.subarray(line + 1));
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
}

main().catch(() => process.exit(1));
