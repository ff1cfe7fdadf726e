/** Looks again until the check passes; fails with its last error when the deadline is over. */
export async function eventually<T>(check: () => T | Promise<T>, { withinMs = 10_000, everyMs = 10 } = {}): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
