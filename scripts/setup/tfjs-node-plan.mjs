const WITHOUT = 'Beckon works without it: training then computes by WebAssembly, on one thread.';

/**
 * How the native library can be built here: `{ compiler, source }`, or `{ byHand }`, what to tell.
 * @param has whether a command line succeeds on this machine
 * @param sources in the order of preference, see tensorflow-library.mjs
 * @param compilers command names, in the order of preference
 */
export function planTfjsNode({ platform, arch, isGlibc, has, sources, compilers }) {
  if (platform !== 'linux' || arch !== 'x64' || !isGlibc) {
    const here = `${platform} ${arch}${platform === 'linux' && !isGlibc ? ' without glibc' : ''}`;
    return { byHand: `The native library is there for Linux on x86-64 with glibc; this is ${here}.\n${WITHOUT}` };
  }
  const compiler = compilers.find((name) => has([name, '--version']));
  const source = sources.find(({ client }) => has(client));
  const missing = [
    compiler === undefined && 'a C++ compiler (Debian: g++)',
    source === undefined && 'Maven (Debian: maven) or pip for Python 3 (Debian: python3-pip)',
  ].filter(Boolean);
  if (missing.length > 0)
    return { byHand: `To build the native library, install ${missing.join(', and ')}; then run this again.\n${WITHOUT}` };
  return { compiler, source };
}
