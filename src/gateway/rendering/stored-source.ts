import type { GraphQLObjectType } from 'graphql';
import type { JsonTape } from '../../push/json-tape';

/** What a resolver is given in place of an object that is still a text: each field is read when it is asked for. One for all of a type. */
export class StoredSource {
  private tape: JsonTape | undefined;
  private cell = 0;
  private readonly object: object;

  constructor(type: GraphQLObjectType) {
    const getters = Object.keys(type.getFields()).map((name) => [name, { get: () => this.read(name), enumerable: true }] as const);
    this.object = Object.create(null, Object.fromEntries(getters)) as object;
  }

  /** The object of a cell, until it is asked for another one. */
  at(tape: JsonTape, cell: number): object {
    this.tape = tape;
    this.cell = cell;
    return this.object;
  }

  private read(name: string): unknown {
    const { tape, cell } = this;
    const member = tape!.member(cell, name);
    if (member === -1) return undefined;
    return tape!.isText(member) ? tape!.textOf(member) : tape!.valueOf(member);
  }
}
