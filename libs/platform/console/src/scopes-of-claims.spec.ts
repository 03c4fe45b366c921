// @own-modules
import { scopesInUse } from '@countersign/admin';
import { scopesOfClaims } from './console-sign-in';

const role = 'users:read';

describe('the scopes of an id token', () => {
  beforeAll(() => {
    const names = ['audit:read', 'jobs:run', 'keys:read', role];
    scopesInUse.use(names.map((name) => ({ name, meaning: '' })));
  });

  it.each([
    ['an array', { roles: ['audit:read', 'jobs:run', 'cook'] }, ['roles']],
    ['a text', { roles: 'jobs:run audit:read' }, ['roles']],
    [
      'the keys of an object',
      { roles: { 'audit:read': { org: 'x' }, 'jobs:run': true, 'keys:read': false, 'users:read': null } },
      ['roles'],
    ],
    ['below others', { a: { 'b/c': ['jobs:run', 'audit:read'] } }, ['a', 'b/c']],
  ])('are read from %s', (_, claims, path) => {
    expect(scopesOfClaims(claims, path)).toEqual(['audit:read', 'jobs:run']);
  });

  it.each([
    ['no such claim', {}, ['roles']],
    ['null', { roles: null }, ['roles']],
    ['a number', { roles: 7 }, ['roles']],
    ['a list in a list', { roles: [['audit:read']] }, ['roles']],
    ['a part of a scope', { roles: ['audit:', 'audit:reads', '*', 'AUDIT:READ'] }, ['roles']],
    ['a text with commas', { roles: 'audit:read,jobs:run' }, ['roles']],
    ['a member of an array', { roles: ['audit:read'] }, ['roles', '0']],
    ['what every object inherits', {}, ['constructor', 'name']],
    ['a prototype', JSON.parse(`{"__proto__":{"roles":["${role}"]}}`) as object, ['roles']],
  ])('are none for %s', (_, claims, path) => {
    expect(scopesOfClaims(claims, path)).toEqual([]);
  });
});
