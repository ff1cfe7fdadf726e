#!/usr/bin/env node
// npm run check:docs: fails when a relative link or an anchor in a page (*.md) leads nowhere.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brokenLinks } from './docs-links.mjs';
import { ROOT } from './setup/paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);

function pagesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const read = (path) => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined);
const pages = pagesIn(ROOT);
const problems = pages.flatMap((page) =>
  brokenLinks(read(page), {
    // A page may tell of files beside the clone (../shared/data); those are not part of it.
    exists: (target) => relative(ROOT, join(dirname(page), target)).startsWith('..') || existsSync(join(dirname(page), target)),
    read: (target) => (target === '' ? read(page) : read(join(dirname(page), target))),
  }).map(({ line, link, why }) => `${relative(ROOT, page)}:${line}: ${link}: ${why}`),
);
for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages, ${problems.length} broken links`);
process.exit(problems.length === 0 ? 0 : 1);
