import { BeckonError } from '../../src/platform/errors';
import { editedSubjectOf, subjectOf } from '../../src/gateway/auth/authorise';
import type { Identity, Scope } from '../../src/gateway/auth/identity';

const withScopes = (...scopes: Scope[]): Identity => ({ tenant: 'shop', userId: 'ann', scopes: new Set(scopes) });

it('lets everybody be the subject of what they do themselves', () => {
  expect(subjectOf(withScopes(), undefined, { scope: 'read:any' })).toEqual({ tenant: 'shop', userId: 'ann' });
  expect(editedSubjectOf(withScopes(), 'ann')).toEqual({ tenant: 'shop', userId: 'ann' });
});

it.each<[Scope[], string]>([
  [[], 'read:any'],
  [['record:any'], 'read:any'], // the answer shows the profile
  [['read:any'], 'record:any'],
])('with %j refuses to edit somebody else, naming %s', (scopes, missing) => {
  const edit = (): unknown => editedSubjectOf(withScopes(...scopes), 'bob');
  expect(edit).toThrow(BeckonError);
  expect(edit).toThrow(missing);
});

it('edits somebody else with both scopes', () => {
  expect(editedSubjectOf(withScopes('read:any', 'record:any'), 'bob')).toEqual({ tenant: 'shop', userId: 'bob' });
});
