import { INVARIANTS } from './judge/verdict';
import { sumOf } from './observers/resources';
import type { ChaosResult } from './run-chaos';

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** What a person reads of a run: the faults as they came, then the verdict on each invariant. */
export function report(result: ChaosResult): string {
  const { seed, faultsMs, broken, topology, timeline, invariants, violations, convergedMs, holds } = result;
  const command = `npm run chaos -- --minutes ${+(faultsMs / 60_000).toFixed(2)} --seed ${seed}${topology === 'single' ? '' : ` --topology ${topology}`}${broken === null ? '' : ` --broken ${broken}`}`;
  return [
    command,
    '',
    row(['at s', 'for s', 'fault', 'befalls', 'note'], TIMELINE),
    ...timeline.map(({ atMs, fault, what }) =>
      row([seconds(atMs), fault.forMs === 0 ? '' : seconds(fault.forMs), fault.kind, fault.target, what], TIMELINE),
    ),
    '',
    row(['verdict', 'checked', 'broken', 'invariant'], VERDICT),
    ...invariants.map(({ name, checked, broken: times }) =>
      row([times > 0 ? 'BROKEN' : checked > 0 ? 'holds' : 'not seen', String(checked), String(times), INVARIANTS[name]], VERDICT),
    ),
    ...(violations.length === 0 ? [] : ['', ...violations.map(({ atMs, invariant, what }) => `${seconds(atMs)} s  ${invariant}: ${what}`)]),
    '',
    `${result.acknowledged} behaviours acknowledged, ${result.lostInWindows} of them lost with what Redis had not written; ${result.retried} requests sent again`,
    `${result.lists} lists on screens, ${result.reconnects} reconnects; ${convergedMs === null ? 'not converged' : `converged ${seconds(convergedMs)} s after the last fault`}`,
    ...holdings(result),
    holds ? 'Every invariant held.' : `BROKEN after ${seconds(result.brokenAtMs ?? 0)} s of faults. The same again: ${command}`,
  ].join('\n');
}

const TIMELINE = [7, 7, 16, 22];
const VERDICT = [10, 9, 8];

const row = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, k) => cell.padEnd(widths[k] ?? 0))
    .join('')
    .trimEnd();

function holdings({ before, after }: ChaosResult): string[] {
  if (!before || !after) return [];
  return [
    `before → after: ${sumOf(before.descriptors)} → ${sumOf(after.descriptors)} file descriptors, ${sumOf(before.residentMb)} → ${sumOf(after.residentMb)} MB resident, ` +
      `${sumOf(before.redisClients)} → ${sumOf(after.redisClients)} Redis clients, ${before.subscriptions} → ${after.subscriptions} subscriptions`,
  ];
}
