import { readFile, writeFile } from 'node:fs/promises';
import { readExperiments } from '../../src/evaluation/experiments/stored-experiments';
import type { Scoreboard } from '../../src/evaluation/scoreboard';
import { scoreboardMarkdown } from '../../src/evaluation/scoreboard-markdown';

/** Relative to the working directory, like the two below. */
export const EXPERIMENTS_FOLDER = 'docs/experiments';
export const SCOREBOARD_JSON = 'docs/scoreboard.json';
export const SCOREBOARD_PAGE = 'docs/scoreboard.md';

/** Writes the page again from what is stored, so that it follows from the files and from nothing else. */
export async function writeScoreboardPage(): Promise<void> {
  const board = JSON.parse(await readFile(SCOREBOARD_JSON, 'utf8')) as Scoreboard;
  await writeFile(SCOREBOARD_PAGE, scoreboardMarkdown(board, readExperiments(EXPERIMENTS_FOLDER)));
}
