import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TeamMemberEntity } from './team-member.entity';
import type { TeamRole } from './team-roles';

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

  async insert(tx: EntityManager, member: TeamMemberEntity): Promise<void> {
    await tx.insert(TeamMemberEntity, member);
  }

  async setRole(tx: EntityManager, teamId: string, userId: string, role: TeamRole): Promise<void> {
    await tx.update(TeamMemberEntity, { teamId, userId }, { role });
  }

  async delete(tx: EntityManager, teamId: string, userId: string): Promise<void> {
    await tx.delete(TeamMemberEntity, { teamId, userId });
  }
}
