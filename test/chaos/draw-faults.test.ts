import { drawFaults, FAULT_KINDS, TOPOLOGIES, type Fault } from '../../chaos/draw-faults';

const options = { withinMs: 120_000, gateways: 2, workers: 2 };
const faultsOf = (seed: number): readonly Fault[] => drawFaults({ ...options, seed });

it('gives the same faults for the same seed, and others for another', () => {
  expect(faultsOf(7)).toEqual(faultsOf(7));
  expect(faultsOf(7)).not.toEqual(faultsOf(8));
});

it.each(TOPOLOGIES)('has every kind of fault of the topology %s within two minutes, whatever the seed', (topology) => {
  for (let seed = 0; seed < 50; seed++) {
    const kinds = new Set(drawFaults({ ...options, seed, topology }).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...FAULT_KINDS[topology]].sort());
  }
});

it('harms no link to Redis where there is none: Sentinels tell where the servers are', () => {
  const faults = drawFaults({ ...options, seed: 1, topology: 'sentinel' });
  expect(faults.map(({ target }) => target).filter((target) => target.endsWith('to Redis'))).toEqual([]);
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
