import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TrainableModelName } from '../models/model-catalogue';

/** Relative modules that a file loads, at once or later; types are no longer there once built. */
const LOADS = /(?:require|import)\(['"](\.[^'"]+)['"]\)|(?:from|import) ['"](\.[^'"]+)['"]/g;
/** A file before a folder of the same name. */
const EXTENSIONS = ['.js', '.ts', ''];

/** SHA-256 over a file and everything of ours that it loads, directly or not. Deterministic: changes exactly when one of them does. */
export function sourceDigest(entry: string): string {
  const contents = new Map<string, string>();
  const visit = (path: string): void => {
    if (contents.has(path)) return;
    const text = readFileSync(path, 'utf8');
    contents.set(path, text);
    for (const [, called, named] of text.matchAll(LOADS)) visit(resolveModule(dirname(path), called ?? named!));
  };
  visit(resolveModule(dirname(entry), `./${entry.slice(dirname(entry).length + 1)}`));
  const digest = createHash('sha256');
  for (const path of [...contents.keys()].sort()) digest.update(contents.get(path)!).update('\0');
  return digest.digest('hex');
}

function resolveModule(from: string, name: string): string {
  const found = EXTENSIONS.map((extension) => resolve(from, name + extension)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`cannot find the module ${name}`);
  return found;
}

/** The digest of a model's code, fit and scorer, which lies in the folder and file of its name. */
export const modelDigest = (model: TrainableModelName): string => sourceDigest(resolve(__dirname, '..', 'models', model, model));
