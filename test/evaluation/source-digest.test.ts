import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDigest, sourceDigest } from '../../src/evaluation/source-digest';
import { TRAINABLE_MODEL_NAMES } from '../../src/models/model-catalogue';

describe('sourceDigest', () => {
  let dir: string;
  const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
  const digest = (): string => sourceDigest(join(dir, 'model', 'model'));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'source-'));
    mkdirSync(join(dir, 'model'));
    write('model/model.js', "const a = require('../shared.js');\nimport('./late').then(use);\nrequire('node:fs');");
    write('model/late.js', "export { x } from '../deep';");
    write('shared.js', "import './model/model';"); // a cycle ends
    write('deep.js', '1');
    write('stranger.js', '1');
    mkdirSync(join(dir, 'deep')); // a folder of a file's name is not the file
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it.each(['model/model.js', 'model/late.js', 'shared.js', 'deep.js'])('changes with %s', (name) => {
    const before = digest();
    write(name, `${name === 'deep.js' ? '2' : '// changed'}\n`);
    if (name === 'model/model.js') write(name, "require('../shared.js'); require('./late') // changed");
    expect(digest()).not.toBe(before);
  });

  it('does not change with what is not loaded', () => {
    const before = digest();
    write('stranger.js', '2');
    expect(digest()).toBe(before);
  });

  it('says which module is missing', () => {
    write('deep.js', "require('./nowhere')");
    expect(digest).toThrow('./nowhere');
  });
});

it('tells the code of every model, each its own', () => {
  const digests = TRAINABLE_MODEL_NAMES.map(modelDigest);
  expect(new Set(digests).size).toBe(digests.length);
});
