import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The folder of preload modules: sources, also for what is built, since they are plain JavaScript. */
const FOLDER = [join(__dirname, 'preload'), join(__dirname, '../../chaos/preload')].find((folder) => existsSync(folder))!;

/** Path of a module that is given to the processes with NODE_OPTIONS=--require. @throws Error when there is none of that name. */
export function preloadFile(name: string): string {
  const path = join(FOLDER, `${name}.cjs`);
  if (!existsSync(path)) throw new Error(`no preload module ${name}: there are ${preloadNames().join(', ')}`);
  return path;
}

export const preloadNames = (): string[] => readdirSync(FOLDER).map((file) => basename(file, '.cjs'));
