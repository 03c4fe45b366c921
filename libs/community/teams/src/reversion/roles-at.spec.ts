import { dividedEntry } from '../account-data/merge-shares';
import { changeOf, rolesAt, type RoleChange } from './roles-at';
import type { TeamHistoryEntity } from '../store/team-history.entity';
import type { TeamRole } from '../team-roles';

const [A, B] = ['a', 'b'] as const;

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

  describe('after a separation', () => {
    const entry = (
      subjectId: string,
      action: TeamHistoryEntity['action'],
      details: TeamHistoryEntity['details'],
    ): TeamHistoryEntity => ({
      id: `${subjectId} ${action}`,
      teamId: 'team',
      actorId: null,
      subjectId,
      action,
      details,
      origin: null,
      at: new Date(0),
    });
    const changes = (entries: readonly TeamHistoryEntity[]): readonly RoleChange[] =>
      entries.flatMap(({ subjectId, action, details }) => {
        const change = changeOf({ ...details, action });
        return change && subjectId !== null ? [{ ...change, userId: subjectId }] : [];
      });
    const both = { survivor: A, loser: B };
    const divided = (shares: Parameters<typeof dividedEntry>[2], ...entries: readonly TeamHistoryEntity[]) =>
      entries.flatMap((one) => dividedEntry(one, both, shares, () => 'another id'));

    it('are those of each account, as if they had never been merged', () => {
      const since = [
        entry(A, 'joined', { role: 'viewer', how: 'invitation' }),
        entry(A, 'ownership_transferred', { before: 'viewer' }),
        // After the merge, whose own entries are gone.
        ...divided(
          { survivor: 'owner', loser: 'editor' },
          entry(A, 'role_changed', { role: 'admin', before: 'owner' }),
        ),
        entry(B, 'joined', { role: 'editor', how: 'separation' }),
      ];

      const current = new Map<string, TeamRole>([
        [A, 'admin'],
        [B, 'editor'],
      ]);
      expect(rolesAt(current, changes(since))).toEqual(
        new Map([
          [A, null],
          [B, 'editor'],
        ]),
      );
    });

    it.each<{
      readonly shares: { readonly survivor: TeamRole | null; readonly loser: TeamRole };
      readonly change: readonly [TeamHistoryEntity['action'], Readonly<Record<string, string>>];
      readonly found: readonly (readonly [string, TeamRole | null, TeamRole | null])[];
    }>([
      // What the survivor had by the merge alone is of the account that returned.
      {
        shares: { survivor: null, loser: 'editor' },
        change: ['left', { before: 'editor' }],
        found: [[B, 'editor', null]],
      },
      {
        shares: { survivor: null, loser: 'editor' },
        change: ['role_changed', { before: 'editor', role: 'viewer' }],
        found: [[B, 'editor', 'viewer']],
      },
      {
        shares: { survivor: null, loser: 'editor' },
        change: ['ownership_transferred', { before: 'editor' }],
        found: [[A, null, 'owner']],
      },
      {
        shares: { survivor: null, loser: 'editor' },
        change: ['role_changed', { before: 'admin', role: 'viewer' }],
        found: [
          [A, 'admin', null],
          [B, 'editor', 'viewer'],
        ],
      },
      {
        shares: { survivor: 'viewer', loser: 'editor' },
        change: ['removed', { before: 'editor' }],
        found: [
          [A, 'viewer', null],
          [B, 'editor', null],
        ],
      },
      {
        shares: { survivor: 'viewer', loser: 'editor' },
        change: ['role_changed', { before: 'editor', role: 'admin' }],
        found: [[A, 'viewer', 'admin']],
      },
      {
        shares: { survivor: 'editor', loser: 'viewer' },
        change: ['joined', { role: 'admin' }],
        found: [
          [A, null, 'admin'],
          [B, null, 'viewer'],
        ],
      },
    ])('divide $change of $shares', ({ shares, change: [action, details], found }) => {
      expect(
        changes(divided(shares, entry(A, action, details))).map(({ userId, before: was, after }) => [
          userId,
          was,
          after,
        ]),
      ).toEqual(found);
    });
  });
});
