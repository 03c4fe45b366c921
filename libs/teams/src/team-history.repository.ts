import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { TeamHistoryEntity } from './team-history.entity';

@Injectable()
export class TeamHistoryRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    teamId: string,
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamHistoryEntity[]> {
    return manager.find(TeamHistoryEntity, {
      where: { teamId, ...(afterId === null ? {} : { id: LessThan(afterId) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
  }

  async insert(tx: EntityManager, entry: TeamHistoryEntity): Promise<void> {
    await tx.insert(TeamHistoryEntity, entry);
  }
}
