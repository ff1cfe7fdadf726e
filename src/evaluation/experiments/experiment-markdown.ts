import { markdownTable } from '../report';
import type { ExperimentResult } from './experiment';

/** The section of one experiment, its command first. */
export function experimentMarkdown({ name, title, seed, tables }: ExperimentResult): string {
  const parts = tables.flatMap(({ text, columns, rows }) => [text, markdownTable(columns, rows)]);
  return [`## ${title}`, `\`npm run experiment -- --name ${name}\`, seed ${seed}.`, ...parts].join('\n\n');
}
