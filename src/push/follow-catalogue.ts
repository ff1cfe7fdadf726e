import { retractWhatBecomesUnavailable, type RetractingDeps } from './retract-unavailable';
import { rewordWhatHasChanged, type RewordDeps } from './reword-what-has-changed';

/** Lets watched lists follow the catalogue: what may no longer be shown is taken back, what names an old price is made anew. */
export function followCatalogue(deps: RetractingDeps & RewordDeps): void {
  retractWhatBecomesUnavailable(deps);
  rewordWhatHasChanged(deps);
}
