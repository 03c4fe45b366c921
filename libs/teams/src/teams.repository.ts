import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { TeamEntity } from './team.entity';

@Injectable()
export class TeamsRepository {
  async find(manager: EntityManager, teamId: string): Promise<TeamEntity | null> {
    return manager.findOneBy(TeamEntity, { id: teamId });
  }

  /** Locked until the end of the transaction. */
  async lock(tx: EntityManager, teamId: string): Promise<TeamEntity | null> {
    return tx.findOne(TeamEntity, { where: { id: teamId }, lock: { mode: 'for_no_key_update' } });
  }

  /** In the order of their ids. */
  async lockAll(tx: EntityManager, teamIds: readonly string[]): Promise<readonly TeamEntity[]> {
    return tx.find(TeamEntity, {
      where: { id: Any([...teamIds]) },
      order: { id: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
  }

  async update(
    tx: EntityManager,
    teamId: string,
    change: Partial<Omit<TeamEntity, 'id' | 'applicationId' | 'memberCount'>>,
  ): Promise<void> {
    await tx.update(TeamEntity, { id: teamId }, change);
  }

  /** @param by how many more, or fewer when it is negative */
  async addToCount(tx: EntityManager, teamId: string, by: number): Promise<void> {
    await tx.increment(TeamEntity, { id: teamId }, 'memberCount', by);
  }
}
