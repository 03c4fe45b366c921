import { teamRoles, type TeamRole } from './team-roles';

/** A change of one membership since an instant. */
export interface RoleChange {
  readonly userId: string;
  /** `null` without membership. */
  readonly before: TeamRole | null;
  readonly after: TeamRole | null;
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
