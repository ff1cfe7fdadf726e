import { join } from 'node:path';
import { badFile } from './open-bytes';
import { readLines } from './read-lines';
import { isBadRow } from './row';

/** One question of the NCF split: which of these items is the one that the user had? */
export interface NcfQuestion {
  readonly userId: string;
  readonly heldOut: string;
  /** Items that the user did not have, distinct, as the file gives them but for the held-out item, which it repeats in 156 rows. */
  readonly negatives: readonly string[];
}

/**
 * The questions of the split's test, in file order: lines `(user,item)` and the negatives, tab separated. A negative that is the held-out item
 * itself is dropped: the code of the paper keeps scores by item, so there it counts once.
 * (He et al., WWW 2017, repository hexiangnan/neural_collaborative_filtering.)
 * @throws BeckonError BAD_INPUT, field `file`: a line of another form.
 */
export async function readNcfQuestions(dir: string): Promise<NcfQuestion[]> {
  const path = join(dir, 'negatives.tsv.gz');
  const questions: NcfQuestion[] = [];
  for await (const row of readLines(path)) {
    if (isBadRow(row)) throw badFile(path, `line ${row.line} ${row.reason}`);
    const [pair = '', ...negatives] = row.record.split('\t');
    const [, userId, heldOut] = /^\((\w+),(\w+)\)$/.exec(pair) ?? [];
    if (userId === undefined || heldOut === undefined || negatives.length === 0)
      throw badFile(path, `line ${row.line} is not "(user,item)" with negatives after it`);
    questions.push({ userId, heldOut, negatives: negatives.filter((item) => item !== heldOut) });
  }
  return questions;
}
