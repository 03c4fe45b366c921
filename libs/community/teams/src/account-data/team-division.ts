import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { MergeRecord } from '@countersign/users';
import { dividedEntry, dividedRole, type OfBoth } from './merge-shares';
import { changeOf, membershipActions, rolesAt } from '../reversion/roles-at';
import type { TeamHistoryEntity } from '../store/team-history.entity';
import { TeamHistoryRepository } from '../store/team-history.repository';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamReversionRepository, type MembershipEntry } from '../reversion/team-reversion.repository';
import { TeamReversion } from '../reversion/team-reversion.service';
import type { TeamRole } from '../team-roles';
import type { TeamState } from './teams-journal.repository';
import { TeamsRepository } from '../store/teams.repository';

const OF_MEMBERSHIPS: ReadonlySet<string> = new Set(membershipActions);

/** What separations of merges do to the history and to earlier reversions of teams. The caller has locked both. */
@Injectable()
export class TeamDivision {
  constructor(
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly history: TeamHistoryRepository,
    private readonly entries: TeamReversionRepository,
    private readonly reversion: TeamReversion,
  ) {}

  /**
   * Makes the entries since the merge those that there were without it: so the state of any instant is found by the entries of
   * each account alone. Call it before roles are divided.
   */
  async divideHistory(
    tx: EntityManager,
    userIds: OfBoth<string>,
    record: MergeRecord<TeamState>,
  ): Promise<void> {
    const teamIds = record.loser.members.map((member) => member.team_id);
    const found = await this.history.listSince(tx, {
      subjectId: userIds.survivor,
      teamIds,
      since: new Date(record.merged.at),
    });
    if (found.length === 0) return;
    const before = new Set([...record.loser.subjectOf, ...record.survivor.subjectOf]);
    const byMerge = new Set(record.merged.subjectOf.filter((id) => !before.has(id)));
    const added = found.filter(({ id, action }) => !before.has(id) && OF_MEMBERSHIPS.has(action));
    const divided = added.flatMap((entry) =>
      byMerge.has(entry.id) ? ofMerge(entry, userIds, record) : ofBoth(entry, userIds, record),
    );
    await this.history.delete(
      tx,
      added.map(({ id }) => id),
    );
    await this.history.insert(tx, divided);
  }

  /**
   * A reversion to an instant before the merge gave the merged account the higher of the roles that both had then. Gives each
   * its own.
   * @param role of the merged account before the separation
   */
  async repeatReversion(
    tx: EntityManager,
    { teamId, role }: { readonly teamId: string; readonly role: TeamRole },
    userIds: OfBoth<string>,
    record: MergeRecord<TeamState>,
  ): Promise<void> {
    const to = await this.entries.revertedTo(tx, teamId, new Date(record.merged.at));
    const team = to && (await this.teams.find(tx, teamId));
    if (!team) return;
    const entries = await this.entries.membershipsSince(tx, teamId, to);
    const then = dividedRole(role, {
      survivor: roleAt(record.survivor, teamId, entries),
      loser: roleAt(record.loser, teamId, entries),
    });
    const differences = [];
    for (const side of ['survivor', 'loser'] as const) {
      const member = await this.members.find(tx, teamId, userIds[side]);
      const now = member?.role ?? null;
      if (now !== then[side]) differences.push({ userId: userIds[side], now, then: then[side] });
    }
    await this.reversion.setRoles(tx, team, { to, differences, actor: null });
  }
}

/** An entry that the merge itself added: only the end of a membership stays. */
function ofMerge(
  entry: TeamHistoryEntity,
  userIds: OfBoth<string>,
  { loser }: MergeRecord<TeamState>,
): readonly TeamHistoryEntity[] {
  if (entry.action !== 'removed') return [];
  const isOfLoser = loser.members.some(({ team_id: teamId }) => teamId === entry.teamId);
  return [{ ...entry, subjectId: isOfLoser ? userIds.loser : userIds.survivor }];
}

/** An entry since the merge. Those of another merge are divided when that is separated. */
function ofBoth(
  entry: TeamHistoryEntity,
  userIds: OfBoth<string>,
  { survivor, loser }: MergeRecord<TeamState>,
): readonly TeamHistoryEntity[] {
  if (entry.details['reason'] === 'merged') return [entry];
  const shares = { survivor: memberRole(survivor, entry.teamId), loser: memberRole(loser, entry.teamId) };
  return dividedEntry(entry, userIds, shares, uuidv7);
}

function memberRole({ members }: TeamState, teamId: string): TeamRole | null {
  return members.find((member) => member.team_id === teamId)?.role ?? null;
}

/** The role of one of the accounts before its entries until the merge. */
function roleAt(state: TeamState, teamId: string, entries: readonly MembershipEntry[]): TeamRole | null {
  const [userId, role] = ['', memberRole(state, teamId)];
  const own = new Set(state.subjectOf);
  const changes = entries
    .filter(({ id }) => own.has(id))
    .flatMap((entry) => changeOf(entry) ?? [])
    .map((change) => ({ ...change, userId }));
  const found = rolesAt(new Map(role ? [[userId, role]] : []), changes);
  return changes.length === 0 ? role : (found.get(userId) ?? null);
}
