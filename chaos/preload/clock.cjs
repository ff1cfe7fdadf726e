// A clock that jumps: the milliseconds in the file named by CHAOS_CLOCK_FILE are added to the wall clock of this process. Read at the start
// (then the monotonic clock's origin lies elsewhere too, as on a machine with a wrong clock) and again on SIGUSR2 (then only the wall
// clock jumps, as when a machine's clock is set under a running process).
const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const file = process.env.CHAOS_CLOCK_FILE;
if (file) {
  const skewMs = () => {
    try {
      return Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      return 0;
    }
  };
  const atStart = skewMs();
  let now = atStart;
  const origin = performance.timeOrigin;
  Object.defineProperty(performance, 'timeOrigin', { value: origin + atStart, configurable: true });
  const RealDate = Date;
  const realNow = RealDate.now;
  globalThis.Date = class Date extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(realNow() + now);
      else super(...parts);
    }
    static now() {
      return realNow() + now;
    }
  };
  process.on('SIGUSR2', () => (now = skewMs()));
}
