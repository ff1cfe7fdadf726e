/** The clocks of this process, in milliseconds with a fraction: monotonic time, and CPU time of all its threads. */
export const processCostClock = {
  elapsedMs: (): number => performance.now(),
  cpuMs: (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};
