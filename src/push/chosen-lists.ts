import { isWorthTrying, keepTrying } from '../platform/keep-trying';
import type { Choices } from '../profile/choices';
import type { Personalisation } from '../ranking/trust-settings';
import { isNobody, NOBODY } from '../profile/nobody';
import { LatestMailbox } from './latest-mailbox';
import { isNewer } from './list-order';
import type { ListKey } from './ports';
import { keepPlace, type Position, type RecommendationList } from './recommendation-list';
import { readRecommendations, type ReadDeps, type ReadRequest, type ReadResult } from './read-recommendations';
import { attachTo, watchRecommendations, type ListMailbox } from './watch-recommendations';

export interface ChosenDeps extends ReadDeps {
  readonly choices: Choices;
  readonly personalisationOf: (key: ListKey) => Personalisation;
}

/** The list that everybody who is not profiled on this surface shares. */
export const impersonal = (key: ListKey): ListKey => ({ ...key, userId: NOBODY });

/** Whose list the user is to see now. Reads no profile. */
export async function listFor(
  { choices, personalisationOf }: Pick<ChosenDeps, 'choices' | 'personalisationOf'>,
  key: ListKey,
): Promise<ListKey> {
  const mode = personalisationOf(key);
  if (mode === 'always') return key;
  return mode === 'never' || (await choices.isOff(key)) ? impersonal(key) : key;
}

/** As `readRecommendations`, of the user's own list or of the shared one, which has applied no behaviour, so `minSeq` asks nothing of it. */
export async function readChosen(deps: ChosenDeps, { key, minSeq }: ReadRequest): Promise<ReadResult> {
  const shown = await listFor(deps, key);
  return readRecommendations(deps, { key: shown, ...(minSeq !== undefined && !isNobody(shown) && { minSeq }) });
}

/** As `watchRecommendations`; goes over from one list to the other at once when the user switches. */
export async function watchChosen(deps: ChosenDeps, key: ListKey, after?: Position): Promise<ListMailbox> {
  const mode = deps.personalisationOf(key);
  if (mode !== 'choice') return watchRecommendations(deps, mode === 'always' ? key : impersonal(key), after);
  const mailbox: ListMailbox = new LatestMailbox<RecommendationList, Position>(isNewer, keepPlace);
  const follower = new Follower(deps, key, mailbox);
  mailbox.onClose(() => follower.stop());
  try {
    await follower.follow(after);
    return mailbox;
  } catch (error) {
    await mailbox.return();
    throw error;
  }
}

const nothing = (): Promise<void> => Promise.resolve();

/** Keeps one mailbox at the list that its user is to see. One step at a time: a switch that comes during another waits for it. */
class Follower {
  private shown: ListKey | undefined;
  private leave: () => Promise<void> = nothing;
  /** Undefined: nothing is going on. */
  private steps: Promise<void> | undefined;
  private stopped = false;
  private readonly unlisten: () => void;

  constructor(
    private readonly deps: ChosenDeps,
    private readonly key: ListKey,
    private readonly mailbox: ListMailbox,
  ) {
    // Before the choice is read, so that no switch falls between.
    this.unlisten = deps.choices.onSwitch(key, () => void this.followSwitch());
  }

  follow(after?: Position): Promise<void> {
    const step = (this.steps ?? Promise.resolve()).then(() => this.goOver(after));
    const steps = step
      .catch(() => undefined)
      .then(() => {
        if (this.steps === steps) this.steps = undefined;
      });
    this.steps = steps;
    return step;
  }

  /** A watch outlives a store that is away: it is told of a switch that it may have missed before the store answers again. */
  private followSwitch(): Promise<void> {
    const onFailure = (error: unknown): void => {
      if (!isWorthTrying(error)) this.mailbox.fail(error);
    };
    return keepTrying(() => this.follow(), { until: () => this.stopped, onFailure });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unlisten();
    await this.steps;
    await this.leave();
  }

  private async goOver(after?: Position): Promise<void> {
    if (this.stopped) return;
    const next = await listFor(this.deps, this.key);
    if (this.stopped || next.userId === this.shown?.userId) return;
    await this.leave(); // first, so that nothing of the old list comes after the new one
    this.leave = nothing;
    this.shown = undefined;
    this.leave = await attachTo(this.deps, next, this.mailbox, after);
    this.shown = next;
  }
}
