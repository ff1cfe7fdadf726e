import { drawFaults, FAULT_KINDS, type Fault } from '../../chaos/draw-faults';

const options = { withinMs: 120_000, gateways: 2, workers: 2 };
const faultsOf = (seed: number): readonly Fault[] => drawFaults({ ...options, seed });

it('gives the same faults for the same seed, and others for another', () => {
  expect(faultsOf(7)).toEqual(faultsOf(7));
  expect(faultsOf(7)).not.toEqual(faultsOf(8));
});

it('has every kind of fault within two minutes, whatever the seed', () => {
  for (let seed = 0; seed < 50; seed++) {
    const kinds = new Set(faultsOf(seed).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...FAULT_KINDS].sort());
  }
});

it('ends every fault in time, and never does two at once to one target', () => {
  for (let seed = 0; seed < 50; seed++) {
    const faults = faultsOf(seed);
    expect(faults.every(({ atMs, forMs }) => atMs + forMs <= options.withinMs)).toBe(true);
    for (const target of new Set(faults.map((fault) => fault.target))) {
      const own = faults.filter((fault) => fault.target === target);
      own.slice(1).forEach((fault, n) => expect(fault.atMs).toBeGreaterThanOrEqual(own[n]!.atMs + own[n]!.forMs));
    }
  }
});
