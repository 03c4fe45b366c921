import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import { TeamHistoryEntity } from './team-history.entity';
import { TeamMemberEntity } from './team-member.entity';
import { TeamEntity } from './team.entity';

/** The rows of teams that name a person, for the merge, export and erasure of their account. */
@Injectable()
export class AccountTeamsRepository {
  /** In the order of the teams' ids. */
  async membershipsOf(manager: EntityManager, userId: string): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, { where: { userId }, order: { teamId: 'ASC' } });
  }

  async teamsOf(manager: EntityManager, teamIds: readonly string[]): Promise<readonly TeamEntity[]> {
    return manager.findBy(TeamEntity, { id: Any([...teamIds]) });
  }

  async findSuccessor(tx: EntityManager, teamId: string): Promise<string | null> {
    const admin = await tx.findOne(TeamMemberEntity, {
      select: { teamId: true, userId: true },
      where: { teamId, role: 'admin' },
      order: { joinedAt: 'ASC', userId: 'ASC' },
    });
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

  /** Replaces the loser by the survivor as creator, inviter, actor and subject. */
  async rename(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.update(TeamEntity, { createdBy: loserId }, { createdBy: survivorId });
    await tx.update(TeamMemberEntity, { invitedBy: loserId }, { invitedBy: survivorId });
    await tx.update(TeamHistoryEntity, { actorId: loserId }, { actorId: survivorId });
    await tx.update(TeamHistoryEntity, { subjectId: loserId }, { subjectId: survivorId });
  }

  /** Entries in which the person is the actor or the subject, after an id. */
  async historyOf(
    manager: EntityManager,
    userId: string,
    afterId: string | null,
    limit: number,
  ): Promise<readonly TeamHistoryEntity[]> {
    const id = afterId === null ? {} : { id: MoreThan(afterId) };
    return manager.find(TeamHistoryEntity, {
      where: [
        { actorId: userId, ...id },
        { subjectId: userId, ...id },
      ],
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** The database deletes memberships, history and rows of other modules with the team. */
  async deleteTeam(tx: EntityManager, teamId: string): Promise<void> {
    await tx.delete(TeamEntity, { id: teamId });
  }
}
