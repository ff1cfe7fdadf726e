import { Deliveries } from '../../bench/support/deliveries';

const list = (revision: number, covers: number, at: number, epoch = 'e') => ({ epoch, revision, covers, at });

describe('Deliveries', () => {
  it('measures from sending to the first list that covers the change', () => {
    const deliveries = new Deliveries(1);
    deliveries.expect(0, 5, 100);
    deliveries.expect(0, 6, 103);
    deliveries.arrived(0, list(1, 4, 101));
    deliveries.arrived(0, list(2, 6, 110)); // two behaviours, one list
    deliveries.arrived(0, list(3, 7, 120));
    expect(deliveries.summary()).toEqual({ delivered: 2, lost: 0, duplicate: 0, outOfOrder: 0, latenciesMs: [10, 7] });
  });

  it('counts a list that came before the answer to the request that it covers', () => {
    const deliveries = new Deliveries(1);
    deliveries.arrived(0, list(1, 9, 104));
    deliveries.expect(0, 9, 100);
    expect(deliveries.summary()).toMatchObject({ delivered: 1, lost: 0, latenciesMs: [4] });
  });

  it('counts as lost what no list covers, and keeps watchers apart', () => {
    const deliveries = new Deliveries(2);
    deliveries.expect(0, 3, 100);
    deliveries.expect(1, 1, 100);
    deliveries.arrived(0, list(1, 2, 105));
    deliveries.arrived(1, list(1, 3, 105)); // somebody else's list
    expect(deliveries.open).toBe(1);
    expect(deliveries.summary()).toMatchObject({ delivered: 1, lost: 1 });
  });

  it('tells a list sent twice from one that goes back', () => {
    const deliveries = new Deliveries(2);
    for (const revision of [1, 2, 2, 4, 3, 5]) deliveries.arrived(0, list(revision, 0, 0));
    deliveries.arrived(1, list(1, 0, 0)); // the same place at another watcher
    expect(deliveries.summary()).toMatchObject({ duplicate: 1, outOfOrder: 1 });
  });

  it('lets revisions start again in a new epoch', () => {
    const deliveries = new Deliveries(1);
    deliveries.arrived(0, list(7, 0, 0, 'old'));
    deliveries.arrived(0, list(1, 0, 0, 'new'));
    expect(deliveries.summary()).toMatchObject({ duplicate: 0, outOfOrder: 0 });
  });
});
