import util from 'node:util';
import type { TensorFlow } from './tensor-library';
import { assertMaySwitch, switchBackend } from './switch-backend';

/** Not written in the import itself: the package may be absent, and types and import rules are checked without it too. */
const PACKAGE = '@tensorflow/tfjs-node';
const BACKEND = 'tensorflow';

export type Native = { readonly version: string } | { readonly reason: string; readonly cause: unknown };

/** A failed import is not tried again: modules that it loaded half-way stay loaded. */
let failed: Native | undefined;

/**
 * TensorFlow's native library as the backend, or the reason why it does not load (one line).
 * @throws Error while tensors of another backend are alive.
 */
export async function openNative(tf: TensorFlow): Promise<Native> {
  if (failed) return failed;
  if (tf.findBackendFactory(BACKEND) === null && !isInstalled()) {
    const reason = `${PACKAGE} is not installed (npm run install:tfjs-node)`;
    return (failed = { reason, cause: undefined });
  }
  assertMaySwitch(tf, BACKEND); // before the import: it switches by itself
  const usual = tf.getBackend();
  try {
    await load();
    await switchBackend(tf, BACKEND);
    return { version: `${tf.version_core}, TensorFlow ${libraryVersion(tf)}` };
  } catch (cause) {
    if (usual) await tf.setBackend(usual);
    return (failed = { reason: firstLine(cause), cause });
  }
}

async function load(): Promise<void> {
  // Its own log, in C++, reads the environment; 2: errors only.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Its JavaScript calls two functions that Node 22 deprecates and Node 23 no longer has.
  Object.assign(util, { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  await import(PACKAGE);
}

function isInstalled(): boolean {
  try {
    require.resolve(`${PACKAGE}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function libraryVersion(tf: TensorFlow): string {
  const { binding } = tf.backend() as unknown as { readonly binding?: { readonly TF_Version?: string } };
  return binding?.TF_Version ?? 'of an unknown version';
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.trim();
}
