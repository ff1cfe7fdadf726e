import { setTimeout as after } from 'node:timers/promises';
import type { ChaosSystem } from './chaos-system';
import type { Fault } from './draw-faults';
import type { Ledger } from './judge/ledger';
import type { JobMaker } from './make-jobs';
import type { RedisFile } from './redis-file';
import type { ReplicatedStore } from './replicated-store';

export interface InjectDeps {
  readonly system: ChaosSystem;
  readonly file: RedisFile;
  readonly ledger: Ledger;
  readonly jobs: JobMaker;
}

/** Jobs alone make Redis write more often than this; when it has not, it put off writing, and what was put off may hold lists. */
const SURELY_WRITES_WITHIN_MS = 250;
/** Bytes above what Redis uses: less than any write needs. */
const FULL_AT_BYTES = 1;

/** Does one fault to the system and undoes it. Resolves when it is over, though what it befell may still be coming up. @returns what is of note. */
export async function inject(deps: InjectDeps, fault: Fault): Promise<string> {
  switch (fault.kind) {
    case 'kill':
    case 'freeze':
    case 'clock-jump':
      return harmProcess(deps, fault);
    case 'partition':
    case 'half-open':
    case 'slow-link':
    case 'reset-links':
      return harmLink(deps, fault);
    case 'redis-kill':
    case 'redis-freeze':
    case 'redis-cut':
    case 'redis-full':
      return deps.system.oneAtATime(() => harmRedis(deps, fault));
    case 'failover':
      return deps.system.oneAtATime(() => failOver(deps.system, fault));
    case 'move-slots':
      return deps.system.oneAtATime(() => moveSlots(deps.system, fault));
    default:
      return addJobs(deps, fault).catch((error: unknown) => `Redis would not take them: ${String(error)}`); // it is full just now
  }
}

async function addJobs(
  { jobs }: InjectDeps,
  fault: Extract<Fault, { kind: 'duplicate-jobs' | 'late-jobs' | 'poison-job' }>,
): Promise<string> {
  switch (fault.kind) {
    case 'duplicate-jobs':
      await jobs.addDuplicates(fault.jobs);
      return `${fault.jobs} jobs for lists that nobody asked for, without deduplication`;
    case 'late-jobs':
      await jobs.addLate(fault.jobs);
      return `${fault.jobs} jobs asked for an hour ago, each up to 2 s later`;
    case 'poison-job':
      return `jobs ${(await jobs.addPoison()).join(', ')}`;
  }
}

async function harmProcess({ system }: InjectDeps, fault: Extract<Fault, { kind: 'kill' | 'freeze' | 'clock-jump' }>): Promise<string> {
  const process = system.process(fault.target);
  switch (fault.kind) {
    case 'kill':
      await process.kill();
      await after(fault.forMs);
      process.bringBack();
      return 'SIGKILL, started again';
    case 'freeze':
      process.freeze();
      await after(fault.forMs);
      process.thaw();
      return 'SIGSTOP, SIGCONT';
    case 'clock-jump':
      system.setClock(fault.target, fault.byMs);
      process.signal('SIGUSR2');
      return `by ${(fault.byMs / 1000).toFixed(1)} s, for good`;
  }
}

async function harmLink(
  { system }: InjectDeps,
  fault: Extract<Fault, { kind: 'partition' | 'half-open' | 'slow-link' | 'reset-links' }>,
): Promise<string> {
  const link = system.link(fault.target);
  const affected = `${link.connections} connections`;
  switch (fault.kind) {
    case 'partition':
      link.hold(fault.ways);
      await after(fault.forMs);
      if (fault.endsBy === 'reset') link.reset();
      link.pass();
      return `${fault.ways === 'both' ? 'both ways' : `${fault.ways}stream`}, ended by ${fault.endsBy}, ${affected}`;
    case 'half-open':
      link.halfOpen(fault.lost);
      return `the ${fault.lost} side of ${affected} is gone, the other is not told`;
    case 'slow-link':
      link.slow(fault.slowness);
      await after(fault.forMs);
      link.pass();
      return `${fault.slowness.delayMs} to ${fault.slowness.delayMs + fault.slowness.jitterMs} ms, ${affected}`;
    case 'reset-links':
      link.reset();
      return affected;
  }
}

async function harmRedis(
  { system, file, ledger }: InjectDeps,
  fault: Extract<Fault, { kind: 'redis-kill' | 'redis-freeze' | 'redis-cut' | 'redis-full' }>,
): Promise<string> {
  const { server, store } = system;
  switch (fault.kind) {
    case 'redis-kill': {
      await server.kill9();
      const untilMs = performance.now();
      const left = file.left();
      await after(fault.forMs); // what was answered before the end may still be on its way
      const lost = ledger.lose({ ...left, untilMs });
      await system.restartRedis({ cut: lost > 0 || untilMs - left.fromMs > SURELY_WRITES_WITHIN_MS });
      return `SIGKILL, started again on its file${lost === 0 ? '' : `, which lacks ${lost} that it had answered`}`;
    }
    case 'redis-freeze': {
      const pid = await store.pid();
      process.kill(pid, 'SIGSTOP');
      await after(fault.forMs);
      process.kill(pid, 'SIGCONT');
      return 'SIGSTOP, SIGCONT';
    }
    case 'redis-cut': {
      await server.kill9();
      const untilMs = performance.now();
      const { fromMs, bytes } = file.cut(fault.tornBytes);
      ledger.lose({ fromMs, untilMs });
      await after(fault.forMs);
      await system.restartRedis({ cut: true });
      return `SIGKILL, ${bytes} bytes cut off its file (${Math.round(untilMs - fromMs)} ms), started again`;
    }
    case 'redis-full': {
      const used = Number(/used_memory:(\d+)/.exec(await store.connection.info('memory'))![1]);
      await store.connection.config('SET', 'maxmemory', Math.max(1, used - FULL_AT_BYTES));
      await after(fault.forMs);
      await store.connection.config('SET', 'maxmemory', 0);
      return 'maxmemory below what it uses, then none';
    }
  }
}

/** Over when the replica that was is the primary, and the primary that was is its replica. */
async function failOver(system: ChaosSystem, { by, forMs }: Extract<Fault, { kind: 'failover' }>): Promise<string> {
  const { replicated: store } = system;
  if (!store) throw new Error('there is nothing to fail over to');
  const began = performance.now();
  const port = await store.nextPrimary();
  system.noteFailOver(); // gateways may hear of it before we do
  const bringBack = await takeAway(store, port, by);
  let failedOverMs: number;
  try {
    await Promise.all([store.untilFailedOver(port), after(forMs)]);
    failedOverMs = Math.round(performance.now() - began);
  } finally {
    system.noteFailOver();
    await bringBack();
  }
  await store.untilReplicated();
  const wholeS = ((performance.now() - began) / 1000).toFixed(1);
  return `${by === 'hang' ? 'SIGSTOP' : 'SIGKILL'} of a primary, another one within ${failedOverMs} ms, replicated again after ${wholeS} s`;
}

/** @returns how to bring it back */
async function takeAway(store: ReplicatedStore, port: number, by: 'kill' | 'hang'): Promise<() => unknown> {
  if (by === 'hang') return store.freeze(port);
  await store.kill(port);
  return () => store.restart();
}

async function moveSlots(system: ChaosSystem, { slots }: Extract<Fault, { kind: 'move-slots' }>): Promise<string> {
  const { replicated: store } = system;
  if (!store) throw new Error('there is nowhere to move slots to');
  system.noteFailOver(); // lists begin a new epoch on the server that takes them
  const moved = await store.moveSlots(slots);
  system.noteFailOver();
  return `slots ${moved.join(', ')} to another primary`;
}
