import { getNamedType, isObjectType, type FieldNode, type GraphQLObjectType } from 'graphql';
import { MOST_PIECES, type PreparedPieces } from '../../push/prepared-texts';
import type { RecommendationUpdate } from '../schema-mappers';
import { compileField, fieldsByKey, type SelectionScope } from './compile-selection';
import { quote } from './quote';
import { NotPlain, type Utf8Writer, type Write } from './write';

/** Fields of an update, and of its list, that only who sends it knows; of an update without a `list` these are all that differ. */
const OF_THE_SENDER: ReadonlySet<string> = new Set(['position', 'timings', 'change']);
/** Whether there is a delta, and which, depends on what was sent before. */
const OF_DELTAS: ReadonlySet<string> = new Set(['delta', 'full']);
const LIST = 'list';

/**
 * An answer cut where only the gateway that sends it knows what to say: what lies between can be written before, by a worker, and sent to
 * whoever selects the same. `join` of what was written for an update is what the whole selection writes for it.
 */
export interface Pieces<Context> {
  readonly count: number;
  /** In UTF-8, `count` of them, in order; says nothing of the list's place. @throws NotPlain */
  write(update: RecommendationUpdate, context: Context): string[];
  /** Writes the whole. @throws NotPlain when a part of it may have been written. */
  join(out: Utf8Writer, pieces: PreparedPieces, update: RecommendationUpdate, context: Context): void;
}

/** A part of the text: by the list alone, or by the sender. */
interface Part<Context> {
  readonly head: string;
  readonly write: Write<Context> | undefined;
  readonly ofSender: boolean;
}

/**
 * @param around what stands before and after the update.
 * @returns undefined for a selection with deltas, which are made of the list before, and for one of too many pieces.
 * @throws NotPlain when the selection cannot be compiled.
 */
export function compilePieces<Context>(
  scope: SelectionScope<Context>,
  updateType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  around: readonly [before: string, after: string],
): Pieces<Context> | undefined {
  const parts = partsOf(scope, updateType, nodes);
  if (!parts) return undefined;
  const [before, after] = around;
  const all: Part<Context>[] = [fixed(before), ...parts, fixed(`}${after}`)];
  const runs: Write<Context>[] = [];
  const senders: Write<Context>[] = [];
  let run: Part<Context>[] = [];
  for (const part of all) {
    if (!part.ofSender) {
      run.push(part);
      continue;
    }
    runs.push(runWriter([...run, fixed(part.head)]));
    senders.push(part.write!);
    run = [];
  }
  runs.push(runWriter(run));
  if (runs.length > MOST_PIECES) return undefined;
  return {
    count: runs.length,
    write: (update, context) => runs.map((write) => write(update, context)),
    join: (out, { bytes, ends }, update, context) => {
      out.bytes(bytes, ends[0]!, ends[1]!);
      for (let k = 0; k < senders.length; k++) {
        out.text(senders[k]!(update, context));
        out.bytes(bytes, ends[k + 1]!, ends[k + 2]!);
      }
    },
  };
}

const fixed = <Context>(head: string): Part<Context> => ({ head, write: undefined, ofSender: false });

const runWriter =
  <Context>(parts: readonly Part<Context>[]): Write<Context> =>
  (update, context) => {
    let text = '';
    for (const { head, write } of parts) text += write ? head + write(update, context) : head;
    return text;
  };

/** The members of an update, and in the place of its list those of the list; undefined: there are deltas among them. */
function partsOf<Context>(
  scope: SelectionScope<Context>,
  updateType: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Part<Context>[] | undefined {
  const parts: Part<Context>[] = [];
  for (const [key, fields] of fieldsByKey(scope, updateType, nodes)) {
    const { value: name } = fields[0]!.name;
    if (OF_DELTAS.has(name)) return undefined;
    const head = `${parts.length === 0 ? '{' : ','}${quote(key)}:`;
    if (name === LIST) parts.push(...listParts(scope, updateType, fields, head));
    else parts.push(memberPart(scope, updateType, fields, { head }));
  }
  return parts;
}

function listParts<Context>(
  scope: SelectionScope<Context>,
  updateType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  head: string,
): Part<Context>[] {
  const listType = getNamedType(updateType.getFields()[LIST]!.type);
  if (!isObjectType(listType)) throw new NotPlain('a list is no object');
  const members = [...fieldsByKey(scope, listType, nodes)].map(([key, fields], index) =>
    memberPart(scope, listType, fields, { head: `${index === 0 ? `${head}{` : ','}${quote(key)}:`, of: (update) => update.view }),
  );
  return [...members, fixed('}')];
}

function memberPart<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  fields: readonly FieldNode[],
  { head, of }: { readonly head: string; readonly of?: (update: RecommendationUpdate) => unknown },
): Part<Context> {
  const { value: name } = fields[0]!.name;
  if (name === '__typename') return fixed(head + quote(type.name));
  const write = compileField(scope, type, fields);
  const fromUpdate: Write<Context> = of ? (update, context) => write(of(update as RecommendationUpdate), context) : write;
  return { head, write: fromUpdate, ofSender: OF_THE_SENDER.has(name) };
}
