import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The line that a log call writes: in a process of its own, because pino writes past jest. */
function lineOf(call: string): Record<string, unknown> {
  const log = join(__dirname, '../../dist/src/platform/log.js');
  const { stdout } = spawnSync(process.execPath, ['-e', `const log = require(${JSON.stringify(log)}).createLog('test', 'info'); ${call}`], {
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it('logs of a failed command its name, never its arguments', () => {
  const line = lineOf(`
    const error = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['s3cret'] } });
    log.error({ err: new Error('outer', { cause: error }) }, 'it failed');`);
  expect(line).toMatchObject({ err: { message: 'outer', cause: { message: 'WRONGPASS', command: 'auth' } } });
  expect(JSON.stringify(line)).not.toContain('s3cret');
});
