import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { ROOT } from './paths.mjs';

/** Runs `action` while no other set-up of this clone runs; waits for that one. A lock whose holder is dead is broken. */
export async function withLock(say, action, folder = join(ROOT, 'dist')) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, '.setup.lock');
  let told = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined) continue; // given back meanwhile
    if (!isAlive(holder)) {
      breakLock(path, holder);
      continue;
    }
    if (!told) say(`another set-up is running here (process ${holder}): waiting for it`);
    told = true;
    await after(200);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** The file appears with its content in one step, so that a reader never sees it empty. */
function take(path) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // given back meanwhile
  }
}

/** Moves the lock aside before looking again: another waiter may have broken it, and taken it, since we looked. */
function breakLock(path, deadHolder) {
  const aside = `${path}.${process.pid}.broken`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside) === deadHolder) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function isAlive(pid) {
  if (pid === process.pid) return false; // left by an earlier process of the same number
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
