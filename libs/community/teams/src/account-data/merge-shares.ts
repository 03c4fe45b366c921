import type { TeamHistoryEntity } from '../store/team-history.entity';
import { changeOf } from '../reversion/roles-at';
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

/**
 * The entry of a change that both had together, as an entry of each of them whose role it changed. The first has its id.
 * @param newId gives the id of the second
 */
export function dividedEntry(
  entry: TeamHistoryEntity,
  userIds: OfBoth<string>,
  shares: SharedRoles,
  newId: () => string,
): readonly TeamHistoryEntity[] {
  const change = changeOf({ ...entry.details, action: entry.action });
  if (!change) return [entry];
  const [before, after] = [dividedRole(change.before, shares), dividedRole(change.after, shares)];
  const found = (['survivor', 'loser'] as const).flatMap((side) =>
    entryOf(entry, userIds[side], before[side], after[side]),
  );
  if (found.length === 0) return [entry];
  return found.map((one, index) => (index === 0 ? one : { ...one, id: newId() }));
}

function entryOf(
  { details: { before: _before, role: _role, ...words }, ...entry }: TeamHistoryEntity,
  subjectId: string,
  before: TeamRole | null,
  after: TeamRole | null,
): readonly TeamHistoryEntity[] {
  if (before === after) return [];
  if (after === null) {
    const action = entry.action === 'removed' ? 'removed' : 'left';
    const details = { reason: 'separated', ...words, ...(before ? { before } : {}) };
    return [{ ...entry, subjectId, action, details }];
  }
  if (before === null)
    return [{ ...entry, subjectId, action: 'joined', details: { how: 'merge', ...words, role: after } }];
  if (after === 'owner')
    return [{ ...entry, subjectId, action: 'ownership_transferred', details: { ...words, before } }];
  return [{ ...entry, subjectId, action: 'role_changed', details: { ...words, role: after, before } }];
}

function lowestOf(one: TeamRole | null, other: TeamRole | null): TeamRole | null {
  return one && other ? lowerOf(one, other) : null;
}
