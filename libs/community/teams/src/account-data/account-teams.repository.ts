import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { TeamMemberEntity } from '../store/team-member.entity';
import { TeamEntity } from '../store/team.entity';

const TEAMS_NAMING = `
  SELECT team_id AS id FROM team_members WHERE user_id = ANY($1::uuid[])
  UNION SELECT id FROM teams WHERE created_by = ANY($1::uuid[])
  UNION SELECT team_id FROM team_members WHERE invited_by = ANY($1::uuid[])`;

/** Not an admin who cannot act, as long as another one can. */
const SUCCESSOR = `
  SELECT members.user_id AS "userId" FROM team_members members JOIN users ON users.id = members.user_id
  WHERE members.team_id = $1 AND members.role = 'admin'
  ORDER BY users.status = 'active' AND users.erasure IS NULL DESC, members.joined_at, members.user_id LIMIT 1`;

/** The rows of teams that name a person, for the merge, export and erasure of their account. */
@Injectable()
export class AccountTeamsRepository {
  /** In the order of the teams' ids. */
  async membershipsOf(manager: EntityManager, userId: string): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, { where: { userId }, order: { teamId: 'ASC' } });
  }

  /** The teams that any of these people is a member of, has created, or has invited a member of. */
  async teamIdsNaming(tx: EntityManager, userIds: readonly string[]): Promise<readonly string[]> {
    return (await rows<{ id: string }>(tx, TEAMS_NAMING, [userIds])).map(({ id }) => id);
  }

  /** The longest-serving admin: of those whose accounts are active and stay, if there are any. */
  async findSuccessor(tx: EntityManager, teamId: string): Promise<string | null> {
    const [admin] = await rows<{ userId: string }>(tx, SUCCESSOR, [teamId]);
    return admin?.userId ?? null;
  }

  /** Moves a membership to another person, who is no member of the team. */
  async giveMembership(tx: EntityManager, teamId: string, fromId: string, toId: string): Promise<void> {
    await tx.update(TeamMemberEntity, { teamId, userId: fromId }, { userId: toId });
  }

  async setMembership(
    tx: EntityManager,
    { teamId, userId }: Pick<TeamMemberEntity, 'teamId' | 'userId'>,
    change: Pick<TeamMemberEntity, 'role' | 'joinedAt'>,
  ): Promise<void> {
    await tx.update(TeamMemberEntity, { teamId, userId }, change);
  }

  /** No member is invited by themselves. */
  async forgetOwnInviter(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(TeamMemberEntity, { userId, invitedBy: userId }, { invitedBy: null });
  }

  /** The database deletes memberships and rows of other modules with the team. */
  async deleteTeam(tx: EntityManager, teamId: string): Promise<void> {
    await tx.delete(TeamEntity, { id: teamId });
  }
}
