import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { MembersService } from '../members/members.service';
import { changeOf, rolesAt } from './roles-at';
import type { OperatorAct, TeamActor } from '../access/team-actor';
import { TeamChannel } from '../store/team-channel.repository';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamOwnership } from '../team-ownership.service';
import { TeamRecords } from '../team-records';
import { TeamListeners } from '../on-team-change';
import { TeamReversionRepository } from './team-reversion.repository';
import { isAbove, type TeamRole } from '../team-roles';
import { HISTORY_DAYS } from '../upkeep/team-upkeep';
import type { TeamEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';
import { TeamsRepository } from '../store/teams.repository';

/** What a reversion did. */
export interface TeamReverted {
  readonly team: TeamEntity;
  /** Members who were removed since, or had left. */
  readonly returned: readonly string[];
  readonly removed: readonly string[];
  /** Members who have another role than before, the owner among them. */
  readonly changed: readonly string[];
  readonly reopenedInvitations: readonly string[];
  readonly revokedInvitations: readonly string[];
}

/** A member whose role differs from that of the instant; `null` without membership. */
interface Difference {
  readonly userId: string;
  readonly now: TeamRole | null;
  readonly then: TeamRole | null;
}

/** Gives teams the owner, the roles and the invitations that they had at an instant. Limits may be exceeded. */
@Injectable()
export class TeamReversion {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly ownership: TeamOwnership,
    private readonly memberships: MembersService,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly entries: TeamReversionRepository,
    private readonly listeners: TeamListeners,
    private readonly records: TeamRecords,
    private readonly channel: TeamChannel,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * What happened at the instant or later is undone. A team that was deleted since is restored.
   * @throws AppError team.not_found, team.state_unknown
   */
  async revertFor(operator: OperatorAct, teamId: string, to: Date): Promise<TeamReverted> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const there = await this.lockPeople(tx, teamId, to);
      const found = await this.teams.lock(tx, teamId);
      if (!found) throw teamError('team.not_found');
      this.assertKnown(found, to);
      const team = await this.ownership.restoreIn(tx, found, operator);
      const differences = await this.differencesOf(tx, team, to, there);
      return this.apply(tx, team, { to, differences, operator });
    });
  }

  /** In the order of their ids, before the team. @returns those whose accounts are there */
  private async lockPeople(
    tx: EntityManager,
    teamId: string,
    to: Date,
  ): Promise<ReadonlyMap<string, boolean>> {
    const known = await this.entries.membershipsSince(tx, teamId, to);
    const there = new Map<string, boolean>();
    for (const userId of [...new Set(known.map((entry) => entry.userId))].toSorted())
      there.set(userId, await this.users.lockIfThere(tx, userId));
    return there;
  }

  private assertKnown({ createdAt, deletedAt }: TeamEntity, to: Date): void {
    const oldest = this.clock.now().getTime() - HISTORY_DAYS * DAY;
    if (to < createdAt || to.getTime() < oldest || (deletedAt && deletedAt < to))
      throw teamError('team.state_unknown');
  }

  private async differencesOf(
    tx: EntityManager,
    team: TeamEntity,
    to: Date,
    there: ReadonlyMap<string, boolean>,
  ): Promise<readonly Difference[]> {
    const changes = (await this.entries.membershipsSince(tx, team.id, to)).map((entry) => {
      const change = changeOf(entry);
      // An entry of a version that did not record the role before.
      if (!change) throw teamError('team.state_unknown');
      return { ...change, userId: entry.userId };
    });
    const current = new Map<string, TeamRole>();
    for (const { userId } of changes) {
      // A person joined while the locks were waited for.
      if (!there.has(userId)) throw new LostRace();
      const member = await this.members.find(tx, team.id, userId);
      if (member) current.set(userId, member.role);
    }
    const then = rolesAt(current, changes);
    const owners = [...then].filter(([, role]) => role === 'owner').map(([userId]) => userId);
    const hasOwner = owners.length === 1 || (owners.length === 0 && !then.has(team.ownerId));
    if (!hasOwner || owners.some((userId) => !there.get(userId))) throw teamError('team.state_unknown');
    return [...then]
      .map(([userId, role]) => ({ userId, now: current.get(userId) ?? null, then: role }))
      .filter((one) => one.now !== one.then && there.get(one.userId));
  }

  private async apply(
    tx: EntityManager,
    team: TeamEntity,
    {
      to,
      differences,
      operator,
    }: { readonly to: Date; readonly differences: readonly Difference[]; readonly operator: OperatorAct },
  ): Promise<TeamReverted> {
    const returned = differences.filter(({ now }) => now === null).map(({ userId }) => userId);
    const removed = differences.filter(({ then }) => then === null).map(({ userId }) => userId);
    const reversion = { team, to, returned, actor: operator };
    const revokedInvitations = await this.listeners.onReverting(tx, reversion);
    const owner = await this.setRoles(tx, team, { to, differences, actor: operator });
    const reopenedInvitations = await this.listeners.onReverted(tx, reversion);
    const changed = differences
      .filter(({ now, then }) => now !== null && then !== null)
      .map(({ userId }) => userId);
    const outcome = { returned, removed, changed, reopenedInvitations, revokedInvitations };
    const counts = Object.fromEntries(
      Object.entries(outcome).map(([name, ids]) => [name, String(ids.length)]),
    );
    await this.records.record(tx, team, operator, { action: 'reverted', to, counts });
    return { team: { ...team, ownerId: owner ?? team.ownerId }, ...outcome };
  }

  /** The caller has locked the people and the team. @returns another owner */
  async setRoles(
    tx: EntityManager,
    team: TeamEntity,
    {
      to,
      differences,
      actor,
    }: { readonly to: Date; readonly differences: readonly Difference[]; readonly actor: TeamActor },
  ): Promise<string | undefined> {
    for (const one of differences) if (one.now === null) await this.bringBack(tx, team, one, to, actor);
    const owner = differences.find(({ then }) => then === 'owner');
    if (owner) {
      const heir = { userId: owner.userId, role: owner.now ?? 'admin' };
      await this.ownership.handOver(tx, team, heir, actor);
    }
    for (const one of differences) await this.setRole(tx, team, one, actor);
    return owner?.userId;
  }

  /** The instant is the latest at which they had joined. Who invited them is not known any more. */
  private async bringBack(
    tx: EntityManager,
    team: TeamEntity,
    { userId, then }: Difference,
    joinedAt: Date,
    actor: TeamActor,
  ): Promise<void> {
    const { id: teamId, applicationId } = team;
    // Ownership is handed over afterwards: a team has one owner at a time.
    const role = then === 'owner' || then === null ? 'admin' : then;
    await this.members.insert(tx, { teamId, userId, applicationId, role, joinedAt, invitedBy: null });
    await this.teams.addToCount(tx, teamId, 1);
    await this.records.record(tx, team, actor, { action: 'joined', userId, role, how: 'reversion' });
    await this.channel.announce(tx, `user:${userId}`);
  }

  private async setRole(
    tx: EntityManager,
    team: TeamEntity,
    { userId, then: role }: Difference,
    actor: TeamActor,
  ): Promise<void> {
    const member = await this.members.find(tx, team.id, userId);
    if (!member || member.role === role) return;
    if (role === null) {
      await this.memberships.end(tx, team, member, { actor, reason: 'removed' });
      return;
    }
    await this.members.setRole(tx, team.id, userId, role);
    const before = member.role;
    await this.records.record(tx, team, actor, { action: 'role_changed', userId, role, before });
    await this.channel.announce(tx, `user:${userId}`);
    if (isAbove(before, role))
      await this.listeners.onRightsLost(tx, { teamId: team.id, userId, role, isRemoved: false });
  }
}
