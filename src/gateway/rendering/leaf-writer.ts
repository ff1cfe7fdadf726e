import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString, isEnumType, type GraphQLLeafType } from 'graphql';
import { toUtf8 } from '../../platform/utf8';
import { quote } from './quote';
import { NotPlain, type Write } from './write';

const LARGEST_INT = 2 ** 31 - 1;

/** Writes values of a leaf type that are what they should be at once, and all others as the type serialises them. */
export function leafWriter(type: GraphQLLeafType): Write<unknown> {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, quote(name)]));
    return (value) => texts.get(value) ?? notPlain(`${String(value)} is no ${type.name}`);
  }
  const other = (value: unknown): string => serialised(type, value);
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (value) => (typeof value === 'string' ? quote(value) : other(value));
    case GraphQLBoolean:
      return (value) => (value === true ? 'true' : value === false ? 'false' : other(value));
    case GraphQLInt:
      return (value) => (Number.isInteger(value) && Math.abs(value as number) <= LARGEST_INT ? String(value) : other(value));
    case GraphQLFloat:
      return (value) => (Number.isFinite(value) ? String(value) : other(value));
    default:
      return other;
  }
}

function serialised(type: GraphQLLeafType, value: unknown): string {
  const text = JSON.stringify(type.serialize(value)) as string | undefined;
  return text === undefined ? notPlain(`${type.name} gave nothing`) : toUtf8(text);
}

function notPlain(why: string): never {
  throw new NotPlain(why);
}
