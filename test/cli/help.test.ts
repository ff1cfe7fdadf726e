import { run } from '../../src/cli/run';
import { fakeTerminal } from './import-support';

const nothing = {
  openStore: () => Promise.reject(new Error('no store in this test')),
  inspectBacklog: () => Promise.reject(new Error('no store in this test')),
  onInterrupt: () => () => undefined,
};

async function beckon(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal();
  const code = await run(args, { ...nothing, terminal });
  return { code, ...terminal.text };
}

it.each([
  '',
  'import',
  'replay',
  'record',
  'watch',
  'train',
  'inspect',
  'inspect user',
  'inspect item',
  'inspect queues',
  'inspect health',
])('beckon %s --help', async (command) => {
  const { code, out, err } = await beckon(...command.split(' ').filter((word) => word !== ''), '--help');
  expect(code).toBe(0);
  expect(err).toBe('');
  expect(out).toMatchSnapshot();
});

it.each([
  [['imprt'], "unknown command 'imprt'"],
  [['record', 'ada'], "missing required argument 'type'"],
  [['record', 'ada', 'rate', 'lamp', '--value', 'NaN'], 'It must be a number from'],
  [['watch', 'ada', '--first', '51'], 'It must be a whole number from 1 to 50.'],
  [['import', 'a.csv', '--until-fraction', '1.5'], 'It must be a number above 0 and up to 1'],
  [['replay', 'a.csv', '--rate', '5', '--speed', '2'], "option '--speed <x>' cannot be used with option '--rate <n>'"],
  [['import'], 'name either a file or a folder with --dataset'],
  [['import', 'missing.csv'], 'missing.csv: there is no such file'],
  [['import', '--dataset', 'no-such-set'], 'there is no folder "no-such-set"'],
  [['watch', 'ada', '--url', 'localhost:4000'], 'must be an http or https address'],
])('%j is refused with words and exit code 2', async (args, message) => {
  const { code, out, err } = await beckon(...args);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(err).not.toContain('    at '); // no stack
});

it('says that nobody answers, with exit code 1, in words or as JSON', async () => {
  const words = await beckon('record', 'ada', 'view', 'lamp', '--url', 'http://127.0.0.1:9/graphql');
  expect(words).toMatchObject({ code: 1, out: '' });
  expect(words.err).toContain('is the gateway running there?');
  const json = await beckon('record', 'ada', 'view', 'lamp', '--url', 'http://127.0.0.1:9/graphql', '--json');
  expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'UNREACHABLE', retryable: true } });
});
