import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TeamHistoryEntity } from './team-history.entity';

@Injectable()
export class TeamHistoryRepository {
  async insert(tx: EntityManager, entry: TeamHistoryEntity): Promise<void> {
    await tx.insert(TeamHistoryEntity, entry);
  }
}
