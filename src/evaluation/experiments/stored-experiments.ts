import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentResult } from './experiment';
import { EXPERIMENTS } from './experiments';

/** The results that are kept in a folder, in the order of the scoreboard; experiments that were never kept are left out. */
export function readExperiments(folder: string): ExperimentResult[] {
  const files = EXPERIMENTS.map(({ name }) => join(folder, `${name}.json`)).filter((file) => existsSync(file));
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as ExperimentResult);
}
