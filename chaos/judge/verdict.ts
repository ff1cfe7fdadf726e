/** What is held against the observers' books. Each is judged whatever becomes of the others. */
export const INVARIANTS = {
  'log-once': 'each acknowledged behaviour is in the log exactly once, with the number that was acknowledged',
  'log-order': 'the numbers of each user in the log are 1, 2, 3, …',
  'never-back': 'no watcher sees a revision, or what a list has applied, go back',
  'own-list': 'no watcher sees a list, a cause or evidence of somebody else',
  converged: 'every watcher shows the newest stored list, and that list has applied everything',
  acknowledged: 'every behaviour that is sent again until it is acknowledged is acknowledged',
  alive: 'no process ends by itself',
  'poison-set-aside': 'a job that no worker can do fails, and is not tried for ever',
  'no-leak': 'file descriptors, memory, Redis clients and subscriptions are near the level before',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** Since the faults began. */
  readonly atMs: number;
  readonly what: string;
}

const KEPT = 20;

/** What was checked how often, and what was found broken. */
export class Verdict {
  readonly checked = new Map<Invariant, number>();
  readonly broken = new Map<Invariant, number>();
  /** The first few of each invariant. */
  readonly violations: Violation[] = [];
  private startedAt = performance.now();
  /** Called with the first violation, and every other. */
  onViolation: (violation: Violation) => void = () => undefined;

  check(invariant: Invariant, holds: boolean, what: () => string): void {
    this.checked.set(invariant, (this.checked.get(invariant) ?? 0) + 1);
    if (!holds) this.report(invariant, what());
  }

  /** Violations are dated from now on. */
  begin(): void {
    this.startedAt = performance.now();
  }

  get holds(): boolean {
    return this.broken.size === 0;
  }

  private report(invariant: Invariant, what: string): void {
    const before = this.broken.get(invariant) ?? 0;
    this.broken.set(invariant, before + 1);
    const violation = { invariant, atMs: Math.round(performance.now() - this.startedAt), what };
    if (before < KEPT) this.violations.push(violation);
    this.onViolation(violation);
  }
}
