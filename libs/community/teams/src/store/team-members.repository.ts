import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { TeamMemberEntity } from './team-member.entity';
import type { TeamRole } from '../team-roles';

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
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, {
      where: {
        teamId,
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

  async setRole(tx: EntityManager, teamId: string, userId: string, role: TeamRole): Promise<void> {
    await tx.update(TeamMemberEntity, { teamId, userId }, { role });
  }
}
