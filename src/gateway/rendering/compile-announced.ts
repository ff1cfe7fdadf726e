import {
  getArgumentValues,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { AnnouncedList } from '../../push/announced-list';
import type { JsonTape } from '../../push/json-tape';
import type { ListView } from '../schema-mappers';
import { compileValue, fieldsByKey, plainResolver, type SelectionScope } from './compile-selection';
import { leafWriter } from './leaf-writer';
import { quote } from './quote';
import { StoredSource } from './stored-source';
import { NotPlain, type Write } from './write';

/** Writes a value of a list that is still a text, by its cell (-1: it is absent). @throws NotPlain */
type WriteCell<Context> = (tape: JsonTape, cell: number, context: Context) => string;

const ABSENT = -1;
const LONGEST_INT = 9;

/** The rank of the item that is being written: the only thing about it that its text does not say. */
interface Place {
  rank: number;
}

/**
 * Writes the items of a list as they were announced: what the selection asks for is cut out of their text, which says every value as
 * graphql-js would. Only what has a resolver is made an object of. Lists that are objects are written by `otherwise`.
 * @throws NotPlain when the selection cannot be compiled.
 */
export function compileAnnouncedItems<Context>(
  scope: SelectionScope<Context>,
  itemType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  otherwise: Write<Context>,
): Write<Context> {
  const place: Place = { rank: 0 };
  const write = objectCell(scope, itemType, nodes, place);
  return (view, context) => {
    const { list, first } = view as ListView;
    if (!(list instanceof AnnouncedList)) return otherwise(view, context);
    const { tape, items } = list.itemsOnTape;
    const end = tape.after(items);
    let text = '[';
    place.rank = 0;
    for (let item = tape.firstIn(items); item < end && place.rank < first; item = tape.after(item)) {
      if (place.rank++ > 0) text += ',';
      text += write(tape, item, context);
    }
    return `${text}]`;
  };
}

function valueCell<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  place: Place,
): WriteCell<Context> {
  if (isNonNullType(type)) {
    const write = valueCell(scope, type.ofType, nodes, place);
    return (tape, cell, context) => {
      if (isNull(tape, cell)) throw new NotPlain('null where there must be a value');
      return write(tape, cell, context);
    };
  }
  if (isListType(type)) return nullOr(listCell(valueCell(scope, type.ofType, nodes, place)));
  if (isLeafType(type)) return nullOr(leafCell(type));
  if (isAbstractType(type)) throw new NotPlain(`${type.name} is resolved for each value`);
  return nullOr(objectCell(scope, type, nodes, place));
}

const isNull = (tape: JsonTape, cell: number): boolean => cell === ABSENT || tape.isNull(cell);

const nullOr =
  <Context>(write: WriteCell<Context>): WriteCell<Context> =>
  (tape, cell, context) =>
    isNull(tape, cell) ? 'null' : write(tape, cell, context);

const listCell =
  <Context>(write: WriteCell<Context>): WriteCell<Context> =>
  (tape, cell, context) => {
    if (!tape.isArray(cell)) throw new NotPlain('not an array');
    const end = tape.after(cell);
    let text = '';
    for (let element = tape.firstIn(cell); element < end; element = tape.after(element)) {
      text += (text === '' ? '[' : ',') + write(tape, element, context);
    }
    return text === '' ? '[]' : `${text}]`;
  };

function leafCell(type: GraphQLLeafType): WriteCell<unknown> {
  if (isEnumType(type)) {
    const names = new Map(type.getValues().map(({ name, value }) => [JSON.stringify(value), quote(name)]));
    return (tape, cell) => names.get(tape.jsonOf(cell)) ?? notPlain(type);
  }
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (tape, cell) => (tape.isText(cell) ? tape.jsonOf(cell) : notPlain(type));
    case GraphQLBoolean:
      return (tape, cell) => (tape.isBoolean(cell) ? tape.jsonOf(cell) : notPlain(type));
    case GraphQLFloat:
      return (tape, cell) => (tape.isNumber(cell) ? tape.jsonOf(cell) : notPlain(type));
    case GraphQLInt:
      return (tape, cell) => wholeNumber(tape.jsonOf(cell)) ?? notPlain(type);
    default:
      return otherLeafCell(leafWriter(type));
  }
}

const otherLeafCell =
  (write: Write<unknown>): WriteCell<unknown> =>
  (tape, cell) =>
    write(tape.valueOf(cell), undefined);

const wholeNumber = (json: string): string | undefined => (json.length <= LONGEST_INT && /^-?\d+$/.test(json) ? json : undefined);

function notPlain(type: GraphQLLeafType): never {
  throw new NotPlain(`not what ${type.name} serialises as it is`);
}

interface Member<Context> {
  readonly head: string;
  readonly name: string;
  /** Takes the cell of the member, or, for what has a resolver, of the object. */
  readonly write: WriteCell<Context>;
  readonly ofObject: boolean;
}

function objectCell<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  place: Place,
): WriteCell<Context> {
  const otherwise = compileValue(scope, type, nodes);
  const members = [...fieldsByKey(scope, type, nodes)].map(([key, fields], index): Member<Context> => {
    const head = `${index === 0 ? '{' : ','}${quote(key)}:`;
    return { head, name: fields[0]!.name.value, ...memberWriter(scope, type, fields, place) };
  });
  if (members.length === 0) return () => '{}';
  return (tape, cell, context) => {
    if (!tape.isObject(cell)) return otherwise(tape.valueOf(cell), context);
    let text = '';
    let hint = tape.firstIn(cell);
    for (const { head, name, write, ofObject } of members) {
      const own = ofObject ? cell : tape.member(cell, name, hint);
      if (!ofObject && own !== ABSENT) hint = tape.after(own);
      text += head + write(tape, own, context);
    }
    return `${text}}`;
  };
}

function memberWriter<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  fields: readonly FieldNode[],
  place: Place,
): Pick<Member<Context>, 'write' | 'ofObject'> {
  const [node] = fields;
  const { value: name } = node!.name;
  if (name === '__typename') return { write: () => quote(type.name), ofObject: true };
  if (name === 'rank') return { write: () => String(place.rank), ofObject: true };
  const field = type.getFields()[name];
  if (!field) throw new NotPlain(`no field ${type.name}.${name}`);
  if (!field.resolve) return { write: valueCell(scope, field.type, fields, place), ofObject: false };
  const resolve = plainResolver<Context>(field);
  const args = getArgumentValues(field, node!, scope.variables);
  const write = compileValue(scope, field.type, fields);
  const source = new StoredSource(type);
  return { write: (tape, cell, context) => write(resolve(source.at(tape, cell), args, context), context), ofObject: true };
}
