import { LatestMailbox } from '../../src/push/latest-mailbox';

describe('LatestMailbox', () => {
  it('hands a waiting reader the value at once', async () => {
    const mailbox = new LatestMailbox<number>();
    const waiting = mailbox.next();
    mailbox.offer(1);
    expect(await waiting).toEqual({ done: false, value: 1 });
  });

  it('keeps only the newest for a slow reader', async () => {
    const mailbox = new LatestMailbox<number>();
    for (let n = 1; n <= 1000; n++) mailbox.offer(n);
    expect(await mailbox.next()).toEqual({ done: false, value: 1000 });
  });

  it('never goes back, neither behind what waits nor behind what was read', async () => {
    const mailbox = new LatestMailbox<number>((next, last) => next > last);
    mailbox.offer(5);
    mailbox.offer(4);
    expect(await mailbox.next()).toMatchObject({ value: 5 });
    mailbox.offer(5);
    mailbox.offer(3);
    mailbox.offer(6);
    expect(await mailbox.next()).toMatchObject({ value: 6 });
  });

  it('takes a seed only while nothing has come', async () => {
    const mailbox = new LatestMailbox<number>();
    mailbox.offer(1);
    mailbox.seed(9);
    expect(await mailbox.next()).toMatchObject({ value: 1 });
    mailbox.seed(9);
    mailbox.offer(2);
    expect(await mailbox.next()).toMatchObject({ value: 2 });
  });

  it('delivers nothing that is not newer than what it was told to skip to', async () => {
    const mailbox = new LatestMailbox<number>((next, last) => next > last);
    mailbox.skipTo(7);
    mailbox.offer(7);
    mailbox.offer(8);
    expect(await mailbox.next()).toMatchObject({ value: 8 });
  });

  it('ends a pending read when it is closed, and closes what it holds once', async () => {
    const mailbox = new LatestMailbox<number>();
    let closed = 0;
    mailbox.onClose(() => void closed++);
    const waiting = mailbox.next();
    await mailbox.return();
    await mailbox.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(closed).toBe(1);
    mailbox.offer(1);
    expect(await mailbox.next()).toMatchObject({ done: true });
  });
});
