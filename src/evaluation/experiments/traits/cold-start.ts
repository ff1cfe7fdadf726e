import { ItemIndex } from '../../../models/item-index';
import type { TrainingEvents } from '../../../models/model';
import { SparseScores } from '../../../models/sparse-scores';
import { fitSegments, SegmentScorer, type Membership } from '../../../models/traits/segment-popularity';
import { stratifiedFolds } from '../../../profile/traits/folds';
import { segmentName } from '../../../profile/traits/segments';
import { bootstrapDifference, bootstrapMean } from '../../bootstrap';
import { ndcgOfAllAt } from '../../metrics';
import type { ExperimentTable } from '../experiment';
import type { FilmUsers } from './film-users';
import { intervalText } from './tell-attributes';

const FOLDS = 5;
const CUT = 10;
/** The attributes of which a new user declares a value, by row of the table. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  'popular within gender': ['gender'],
  'popular within occupation': ['occupation'],
  'popular within age': ['age'],
  'popular within all three': ['gender', 'occupation', 'age'],
};

/** What a user without any behaviour is shown: what is popular, or popular among those who declared the same. */
export function coldStart({ events, declared, rowOfUser }: FilmUsers, seed: number): ExperimentTable {
  const fold = stratifiedFolds(new Uint8Array(events.userIds.length), { folds: FOLDS, seed });
  const liked = likedBy(events);
  const everybody = Array.from(rowOfUser, (): Membership[] => [{ segment: 'everybody', weight: 1 }]);
  const membershipsOf = (attributes: readonly string[]): Membership[][] =>
    Array.from(rowOfUser, (row) =>
      attributes.map((attribute) => ({ segment: segmentName(attribute, declared.get(attribute)![row]!), weight: 1 })),
    );
  const ndcgsOf = (attributes: readonly string[]): Float64Array => {
    const memberships = membershipsOf(attributes);
    const ndcgs = new Float64Array(liked.length);
    for (let f = 0; f < FOLDS; f++) {
      const seen = ofUsers(events, (user) => fold[user] !== f);
      const scorerOf = (by: readonly (readonly Membership[])[]): SegmentScorer =>
        new SegmentScorer(
          fitSegments(
            seen,
            by.map((own, user) => (fold[user] === f ? [] : own)),
          ),
          new ItemIndex(),
        );
      const scorer = scorerOf(memberships);
      const popular = listOf(scorerOf(everybody), everybody[0]!);
      liked.forEach((items, user) => {
        // As the chain serves: popular items take the places that a segment leaves open.
        if (fold[user] === f) ndcgs[user] = ndcgOf([...new Set([...listOf(scorer, memberships[user]!), ...popular])], items);
      });
    }
    return ndcgs;
  };
  const users = Int32Array.from(liked, (_, k) => k);
  const popular = ndcgsOf([]);
  const rows = Object.entries(SETS).map(([name, attributes]) => {
    const own = ndcgsOf(attributes);
    return [name, intervalText(bootstrapMean(own, users, { seed })), intervalText(bootstrapDifference(own, popular, users, { seed }))];
  });
  return {
    text:
      `What is shown to users of whom nothing is known but what they declared? NDCG@${CUT} of a list against all that each of 943 users rated, ${FOLDS} folds of users, ` +
      'paired 95 % bootstrap intervals; the model is the one that serves as `traits`, with its default options, and popular items where it leaves places open. Second attempt: the first left them open, which the chain that serves does not.',
    columns: ['', `NDCG@${CUT}`, 'difference to popular'],
    rows: [['popular', intervalText(bootstrapMean(popular, users, { seed })), '–'], ...rows],
  };
}

/** [users] items of each. */
function likedBy({ userIds, users, items }: TrainingEvents): Set<number>[] {
  const liked = userIds.map(() => new Set<number>());
  for (let k = 0; k < users.length; k++) liked[users[k]!]!.add(items[k]!);
  return liked;
}

function ofUsers(events: TrainingEvents, keeps: (user: number) => boolean): TrainingEvents {
  const kept = Array.from(events.users, (_, k) => k).filter((k) => keeps(events.users[k]!));
  return {
    ...events,
    users: Int32Array.from(kept, (k) => events.users[k]!),
    items: Int32Array.from(kept, (k) => events.items[k]!),
    weights: Float32Array.from(kept, (k) => events.weights[k]!),
    times: Float64Array.from(kept, (k) => events.times[k]!),
  };
}

/** The first items of a user in these segments, best first. Rows are numbers of the events' items. */
function listOf(scorer: SegmentScorer, memberships: readonly Membership[]): number[] {
  const scores = new SparseScores();
  scorer.score({ segments: memberships.map(({ segment, weight }) => ({ name: segment, weight })) }, scores, 300);
  return [...scores.rows].sort((a, b) => scores.get(b) - scores.get(a) || a - b).slice(0, CUT);
}

function ndcgOf(list: readonly number[], relevant: ReadonlySet<number>): number {
  const ranks = [...relevant].map((row) => list.indexOf(row)).map((rank) => (rank < 0 ? Infinity : rank));
  return ndcgOfAllAt(ranks, CUT);
}
