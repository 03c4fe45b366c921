import { rolesAt, type RoleChange } from './roles-at';
import type { TeamRole } from './team-roles';

const [A, B] = ['a', 'b'];

function before(
  current: Readonly<Record<string, TeamRole>>,
  ...changes: readonly [userId: string, before: TeamRole | null, after: TeamRole | null][]
): object {
  const list: readonly RoleChange[] = changes.map(([userId, was, after]) => ({ userId, before: was, after }));
  const found = Object.fromEntries(rolesAt(new Map(Object.entries(current)), list));
  expect(Object.fromEntries(rolesAt(new Map(Object.entries(current)), list.toReversed()))).toEqual(found);
  return found;
}

describe('the roles before changes', () => {
  it('are those that the changes took away', () => {
    expect(before({ a: 'viewer' }, [A, 'admin', 'viewer'])).toEqual({ a: 'admin' });
    expect(before({}, [A, 'editor', null])).toEqual({ a: 'editor' });
    expect(before({ a: 'admin' }, [A, null, 'admin'])).toEqual({ a: null });
  });

  it('name no account without a change', () => {
    expect(before({ a: 'viewer', b: 'owner' }, [A, 'admin', 'viewer'])).toEqual({ a: 'admin' });
  });

  it('survive several changes of one member', () => {
    expect(
      before(
        { b: 'owner' },
        [B, null, 'admin'],
        [B, 'admin', 'owner'],
        [A, 'owner', 'admin'],
        [A, 'admin', 'viewer'],
        [A, 'viewer', null],
      ),
    ).toEqual({ a: 'owner', b: null });
  });

  it('are the higher of both after a merge', () => {
    // The loser, an owner, became the editor.
    expect(before({ a: 'owner' }, [A, 'owner', null], [A, 'editor', 'owner'])).toEqual({ a: 'owner' });
    // The loser joined after the instant.
    expect(before({ a: 'editor' }, [A, null, 'viewer'], [A, 'viewer', null])).toEqual({ a: 'editor' });
  });
});
