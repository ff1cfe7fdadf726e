import { isBadRow, type BadRow, type Row } from '../datasets/row';
import { badInput } from '../platform/errors';

/** So many bad lines at the start, and not one good: the wrong file or the wrong mapping, not a bad line. */
const HOPELESS = 1_000;

/** Tells the wrong file or mapping from single bad lines. */
export class HopeGuard {
  private good = 0;
  private bad = 0;
  private first: BadRow | undefined;

  constructor(private readonly name: string) {}

  async *watch<T>(rows: AsyncIterable<Row<T>>): AsyncGenerator<Row<T>> {
    for await (const row of rows) {
      if (!isBadRow(row)) this.good++;
      else {
        this.first ??= row;
        if (++this.bad === HOPELESS && this.good === 0) this.giveUp();
      }
      yield row;
    }
    if (this.bad > 0 && this.good === 0) this.giveUp();
  }

  private giveUp(): never {
    throw badInput(
      'mapping',
      `${this.name}: none of the first ${this.bad} lines can be used; line ${this.first!.line}: ${this.first!.reason}. Is the mapping (--map) right?`,
    );
  }
}
