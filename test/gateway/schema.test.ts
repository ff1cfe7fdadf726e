import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType, printSchema } from 'graphql';
import { newItem } from '../../src/catalogue/item-schema';
import { buildSchema } from '../../src/gateway/build-schema';

const MAX_TITLE_CHARS = 512;

const schema = buildSchema();
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));

/** Everything in the contract that a reader can look up, by its path. */
const parts = types.flatMap((type): [string, string | null | undefined][] => {
  const own: [string, string | null | undefined] = [type.name, type.description];
  if (isEnumType(type))
    return [
      own,
      ...type.getValues().map((value): [string, string | null | undefined] => [`${type.name}.${value.name}`, value.description]),
    ];
  if (isInputObjectType(type))
    return [
      own,
      ...Object.values(type.getFields()).map((field): [string, string | null | undefined] => [
        `${type.name}.${field.name}`,
        field.description,
      ]),
    ];
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  return [
    own,
    ...Object.values(type.getFields()).flatMap((field): [string, string | null | undefined][] => [
      [`${type.name}.${field.name}`, field.description],
      ...field.args.map((arg): [string, string | null | undefined] => [`${type.name}.${field.name}(${arg.name})`, arg.description]),
    ]),
  ];
});

describe('the public contract', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(parts.length).toBeGreaterThan(200);
    expect(parts.filter(([, description]) => !description).map(([path]) => path)).toEqual([]);
  });

  it('has no type that nothing leads to', () => {
    const printed = printSchema(schema);
    const roots = ['Query', 'Mutation', 'Subscription'];
    const unused = types.filter(({ name }) => !roots.includes(name) && !new RegExp(`: \\[?${name}\\b`).test(printed));
    expect(unused.map(({ name }) => name)).toEqual([]);
  });

  it('states the length of titles that is allowed', () => {
    const stated = parts.filter(([path]) => path === 'ItemInput.title');
    expect(stated).toEqual([['ItemInput.title', `What it is called, at most ${MAX_TITLE_CHARS} characters.`]]);
    expect(newItem.safeParse({ id: 'a', title: 'x'.repeat(MAX_TITLE_CHARS) }).success).toBe(true);
    expect(newItem.safeParse({ id: 'a', title: 'x'.repeat(MAX_TITLE_CHARS + 1) }).success).toBe(false);
  });

  it('returns payload objects, never null, from every mutation', () => {
    const mutations = Object.values(schema.getMutationType()!.getFields());
    expect(mutations.map(({ name, type }) => [name, /^\w+Payload!$/.test(String(type))]).filter(([, good]) => !good)).toEqual([]);
  });
});
