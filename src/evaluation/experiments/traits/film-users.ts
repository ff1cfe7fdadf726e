import { join } from 'node:path';
import { openDataset } from '../../../datasets/dataset';
import { optionalNumber, optionalText, requireText } from '../../../datasets/field-values';
import { readAtomic } from '../../../datasets/read-atomic';
import { readAll } from '../../../datasets/read-table';
import { mapRows } from '../../../datasets/row';
import type { TrainingEvents } from '../../../models/model';
import { FeatureBuilder, type FeatureTable } from '../../../profile/traits/behaviour-features';
import { traitSettings } from '../../../profile/traits/trait-settings';
import { TrainingEventsBuilder } from '../../../training/training-events';

/** The users of ml-100k with what they declared, and what they rated. */
export interface FilmUsers {
  readonly table: FeatureTable;
  readonly events: TrainingEvents;
  /** Attribute → value by row of the table. */
  readonly declared: ReadonlyMap<string, readonly string[]>;
  /** Row of the table of each user of the events. */
  readonly rowOfUser: Int32Array;
}

/** Ages of a quarter of the users each, nearly. */
const BANDS = [
  [25, 'under 25'],
  [31, '25–30'],
  [43, '31–42'],
] as const;
const bandOf = (age: number): string => BANDS.find(([below]) => age < below)?.[1] ?? '43 and above';

/** Every rating counts as a behaviour of type `rate`, whatever it says; categories are genres. The window is that of the default settings. */
export async function readFilmUsers(dataDir: string): Promise<FilmUsers> {
  const dataset = await openDataset('ml-100k', dataDir);
  const { records: items } = await readAll(dataset.items());
  const categories = new Map(items.map(({ id, categories: of = [] }) => [id, of]));
  const { records: behaviours } = await readAll(dataset.behaviours());
  const builder = new FeatureBuilder({ windowMs: traitSettings.parse({}).windowMs });
  const history = new TrainingEventsBuilder();
  for (const { userId, itemId, type, at } of [...behaviours].sort((a, b) => a.at - b.at)) {
    builder.add(userId, { type, categories: categories.get(itemId) ?? [], at });
    history.add({ tenant: 'films', userId, itemId, type, at, id: '', seq: 0, weight: 1, receivedAt: at, previous: [] });
  }
  const table = builder.build();
  const events = history.build();
  const places = new Map(table.userIds.map((id, row) => [id, row]));
  return {
    table,
    events,
    declared: await readDeclared(join(dataDir, 'ml-100k', 'ml-100k.user.gz'), places),
    rowOfUser: Int32Array.from(events.userIds, (id) => places.get(id)!),
  };
}

async function readDeclared(path: string, places: ReadonlyMap<string, number>): Promise<Map<string, string[]>> {
  const users = mapRows(readAtomic(path), (record) => ({
    id: requireText(record, 'user_id'),
    gender: optionalText(record, 'gender') ?? '',
    occupation: optionalText(record, 'occupation') ?? '',
    age: bandOf(optionalNumber(record, 'age') ?? 0),
  }));
  const { records } = await readAll(users);
  const byRow = new Map(records.map((user) => [places.get(user.id), user]));
  const columnOf = (name: 'gender' | 'occupation' | 'age'): string[] =>
    Array.from({ length: places.size }, (_, row) => byRow.get(row)![name]);
  return new Map((['gender', 'occupation', 'age'] as const).map((name) => [name, columnOf(name)]));
}
