import { getNamedType, isObjectType, type FieldNode, type GraphQLObjectType } from 'graphql';
import type { ListChange } from '../list-change';
import type { RecommendationUpdate } from '../schema-mappers';
import type { StageTimings } from '../stage-timings';
import { fieldsByKey, type SelectionScope } from './compile-selection';
import { quote } from './quote';
import { NotPlain, type Write } from './write';

/*
 * What is not the same for every socket that is sent a list is written for each of them: without a look at what kind of value each part is,
 * which is known, and so in a fraction of the time that the usual way takes.
 */

/** One member of an object that is being written: what stands before its value, and which it is. */
interface Member<Name extends string> {
  readonly head: string;
  readonly name: Name | '__typename';
  readonly nodes: readonly FieldNode[];
}

/** Undefined when something is selected that is not one of these, or that has a resolver. */
function membersOf<Context, Name extends string>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  names: ReadonlySet<Name>,
): Member<Name>[] | undefined {
  const members: Member<Name>[] = [];
  for (const [key, fields] of fieldsByKey(scope, type, nodes)) {
    const name = fields[0]!.name.value as Name | '__typename';
    if (name !== '__typename' && (!names.has(name) || type.getFields()[name]?.resolve)) return undefined;
    members.push({ head: `${members.length === 0 ? '{' : ','}${quote(key)}:`, name, nodes: fields });
  }
  return members;
}

const TIMINGS = new Set(['ingest', 'queue', 'score', 'replace', 'push'] as const);
const CHANGE = new Set(['added', 'removed', 'moved'] as const);
const US_PER_MS = 1000;
const MOST_US = 2 ** 30;
/** What stands after the whole ms, for each number of µs: to find the shortest text of a fraction is dear. */
const FRACTIONS = Array.from({ length: US_PER_MS }, (_, us) => String(us / US_PER_MS).slice(1));
const MOVED = new Set(['itemId', 'from', 'to'] as const);

/**
 * Writes the timings of an update.
 * @returns undefined: has to be written in the usual way.
 */
export function compileTimings<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  timingsOf: (update: RecommendationUpdate, context: Context) => StageTimings,
): Write<Context> | undefined {
  const members = membersOf(scope, type, nodes, TIMINGS);
  if (!members) return undefined;
  const typename = quote(type.name);
  return (update, context) => {
    const timings = timingsOf(update as RecommendationUpdate, context);
    let text = '';
    for (const { head, name } of members) text += head + (name === '__typename' ? typename : msText(stageOf(timings, name)));
    return `${text}}`;
  };
}

function stageOf(timings: StageTimings, name: keyof StageTimings): number | undefined {
  switch (name) {
    case 'ingest':
      return timings.ingest;
    case 'queue':
      return timings.queue;
    case 'score':
      return timings.score;
    case 'replace':
      return timings.replace;
    case 'push':
      return timings.push;
  }
}

function msText(ms: number | undefined): string {
  if (ms === undefined) return 'null';
  const us = Math.round(ms * US_PER_MS);
  if (!(us >= 0 && us < MOST_US)) return longText(ms);
  const whole = Math.floor(us / US_PER_MS);
  return ms === us / US_PER_MS ? whole + FRACTIONS[us - whole * US_PER_MS]! : longText(ms);
}

function longText(ms: number): string {
  if (!Number.isFinite(ms)) throw new NotPlain('a time is no number');
  return String(ms);
}

type WriteChange = (change: ListChange) => string;

/** The same for the difference to the list sent before. */
export function compileChange<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Write<Context> | undefined {
  const members = membersOf(scope, type, nodes, CHANGE)?.map(({ head, name, nodes: fields }) => ({
    head,
    write: name === 'moved' ? movedWriter(scope, type, fields) : changeWriter(name, type),
  }));
  if (!members?.every(({ write }) => write)) return undefined;
  return (update) => {
    const { change } = update as RecommendationUpdate;
    if (!change) return 'null';
    let text = '';
    for (const { head, write } of members) text += head + write!(change);
    return `${text}}`;
  };
}

function changeWriter(name: 'added' | 'removed' | '__typename', { name: typename }: GraphQLObjectType): WriteChange {
  switch (name) {
    case 'added':
      return ({ added }) => idsText(added);
    case 'removed':
      return ({ removed }) => idsText(removed);
    case '__typename':
      return () => quote(typename);
  }
}

function idsText(ids: readonly string[]): string {
  let text = '[';
  for (let k = 0; k < ids.length; k++) text += k === 0 ? quote(ids[k]!) : `,${quote(ids[k]!)}`;
  return `${text}]`;
}

function movedWriter<Context>(
  scope: SelectionScope<Context>,
  changeType: GraphQLObjectType,
  nodes: readonly FieldNode[],
): WriteChange | undefined {
  const type = getNamedType(changeType.getFields()['moved']!.type);
  const members = isObjectType(type) ? membersOf(scope, type, nodes, MOVED) : undefined;
  if (!members) return undefined;
  const typename = quote(type.name);
  return ({ moved }) => {
    let text = '[';
    for (let k = 0; k < moved.length; k++) {
      const { itemId, from, to } = moved[k]!;
      if (k > 0) text += ',';
      for (const { head, name } of members) {
        text += head;
        text += name === 'itemId' ? quote(itemId) : name === 'from' ? from : name === 'to' ? to : typename;
      }
      text += '}';
    }
    return `${text}]`;
  };
}
