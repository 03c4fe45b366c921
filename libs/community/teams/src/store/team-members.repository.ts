import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { TeamMemberEntity } from './team-member.entity';
import type { TeamRole } from '../team-roles';

/** A membership, as identity tokens name it. */
export interface TeamClaim {
  readonly id: string;
  readonly role: TeamRole;
}

/** In the order of the index of a person's memberships: besides the rows of the result it reads those of deleted teams. */
const CLAIMS = `
  SELECT members.team_id AS id, members.role
  FROM team_members members JOIN teams ON teams.id = members.team_id
  WHERE members.user_id = $1 AND members.application_id = $2 AND teams.deleted_at IS NULL
  ORDER BY members.team_id LIMIT $3`;

const DELETE_SOME = `
  DELETE FROM team_members WHERE team_id = $1 AND user_id = ANY(ARRAY(
    SELECT user_id FROM team_members WHERE team_id = $1 AND role <> 'owner' ORDER BY user_id LIMIT $2
  )) RETURNING 1`;

@Injectable()
export class TeamMembersRepository {
  async find(manager: EntityManager, teamId: string, userId: string): Promise<TeamMemberEntity | null> {
    return manager.findOneBy(TeamMemberEntity, { teamId, userId });
  }

  /** How many teams of an application a person is a member of. */
  async countTeamsOf(
    manager: EntityManager,
    { userId, applicationId }: Pick<TeamMemberEntity, 'userId' | 'applicationId'>,
  ): Promise<number> {
    return manager.countBy(TeamMemberEntity, { userId, applicationId });
  }

  /** In the order of their ids; one more than the limit. */
  async list(
    manager: EntityManager,
    teamId: string,
    role: TeamRole | undefined,
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, {
      where: {
        teamId,
        ...(role === undefined ? {} : { role }),
        ...(afterId === null ? {} : { userId: MoreThan(afterId) }),
      },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
  }

  /** The roles of one person in some teams. */
  async rolesIn(
    manager: EntityManager,
    userId: string,
    teamIds: readonly string[],
  ): Promise<ReadonlyMap<string, TeamRole>> {
    if (teamIds.length === 0) return new Map();
    const found = await manager.findBy(TeamMemberEntity, { userId, teamId: Any([...teamIds]) });
    return new Map(found.map(({ teamId, role }) => [teamId, role]));
  }

  /** The oldest teams first, without deleted ones. */
  async claimsOf(
    manager: EntityManager,
    { userId, applicationId }: Pick<TeamMemberEntity, 'userId' | 'applicationId'>,
    limit: number,
  ): Promise<readonly TeamClaim[]> {
    return rows<TeamClaim>(manager, CLAIMS, [userId, applicationId, limit]);
  }

  async setRole(tx: EntityManager, teamId: string, userId: string, role: TeamRole): Promise<void> {
    await tx.update(TeamMemberEntity, { teamId, userId }, { role });
  }

  /** Up to a number of members, never the owner. @returns how many */
  async deleteSome(tx: EntityManager, teamId: string, limit: number): Promise<number> {
    return (await rows(tx, DELETE_SOME, [teamId, limit])).length;
  }
}
