import type { TeamHistoryAction } from '../store/team-history.entity';
import { teamRoles, type TeamRole } from '../team-roles';

/** Entries of the history that change a membership. */
export const membershipActions = [
  'created',
  'joined',
  'left',
  'removed',
  'role_changed',
  'ownership_transferred',
] as const satisfies readonly TeamHistoryAction[];

/** What an entry of the history says of a membership. */
export interface MembershipWords {
  readonly action: TeamHistoryAction;
  /** That the entry gave; of joining and of changed roles. */
  readonly role?: string | null;
  /** Absent in entries of versions that did not record it. */
  readonly before?: string | null;
  readonly how?: string | null;
}

/** What an entry changed. */
interface ChangedRole {
  /** `null` without membership. */
  readonly before: TeamRole | null;
  readonly after: TeamRole | null;
}

/** A change of one membership since an instant. */
export interface RoleChange extends ChangedRole {
  readonly userId: string;
}

/**
 * Who joins by a separation has the role that they brought to the merge: the entries of the merge are gone then.
 * @returns `null` for an entry of a version that did not record the role before
 */
export function changeOf(words: MembershipWords): ChangedRole | null {
  const { action } = words;
  const [role, before] = [roleOf(words.role), roleOf(words.before)];
  if (action === 'created') return { before: null, after: 'owner' };
  if (action === 'joined') return { before: words.how === 'separation' ? role : null, after: role };
  if (before === null) return null;
  return {
    before,
    after: action === 'ownership_transferred' ? 'owner' : action === 'role_changed' ? role : null,
  };
}

function roleOf(word: string | null | undefined): TeamRole | null {
  return teamRoles.find((role) => role === word) ?? null;
}

/**
 * The roles of members before some changes; `null` for those who were none. Order does not matter: each role that a change
 * took away counts once, and each that it gave counts against it. So a merge, after which one account has the entries of two,
 * leaves the higher role of both.
 * @param current the roles after the changes; an account that is not in it is no member
 */
export function rolesAt(
  current: ReadonlyMap<string, TeamRole>,
  changes: readonly RoleChange[],
): ReadonlyMap<string, TeamRole | null> {
  const counts = new Map<string, Map<TeamRole, number>>();
  const add = (userId: string, role: TeamRole | null, by: 1 | -1): void => {
    const ofUser = counts.get(userId) ?? new Map<TeamRole, number>();
    counts.set(userId, ofUser);
    if (role) ofUser.set(role, (ofUser.get(role) ?? 0) + by);
  };
  for (const { userId, before, after } of changes) {
    if (!counts.has(userId)) add(userId, current.get(userId) ?? null, 1);
    add(userId, before, 1);
    add(userId, after, -1);
  }
  return new Map(
    [...counts].map(([userId, ofUser]) => [
      userId,
      teamRoles.find((role) => (ofUser.get(role) ?? 0) > 0) ?? null,
    ]),
  );
}
