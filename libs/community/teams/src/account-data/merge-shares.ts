import { higherOf, isAbove, lowerOf, type TeamRole } from '../team-roles';

/** One value of each account of a merge. */
export interface OfBoth<T> {
  readonly survivor: T;
  readonly loser: T;
}

/** Roles in one team; `null` without membership. */
type SharedRoles = OfBoth<TeamRole | null>;

/**
 * What each account has of a role that they had together.
 * @param shares what they had when they were merged. A role above both was given to the survivor since.
 */
export function dividedRole(role: TeamRole | null, { survivor, loser }: SharedRoles): SharedRoles {
  const highest = survivor && loser ? higherOf(survivor, loser) : (survivor ?? loser);
  const isRaised = role !== null && (highest === null || isAbove(role, highest));
  return { survivor: isRaised ? role : lowestOf(survivor, role), loser: lowestOf(loser, role) };
}

function lowestOf(one: TeamRole | null, other: TeamRole | null): TeamRole | null {
  return one && other ? lowerOf(one, other) : null;
}
