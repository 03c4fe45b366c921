import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { columns } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { TeamHistoryEntity } from './team-history.entity';

const ENTRY = columns<TeamHistoryEntity>({
  id: 'uuid',
  teamId: 'uuid',
  actorId: 'uuid',
  subjectId: 'uuid',
  action: 'text',
  details: 'jsonb',
  at: 'timestamptz',
});

const INSERT = `INSERT INTO team_history (${ENTRY.names}) ${ENTRY.unnest()}`;

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

  async insert(tx: EntityManager, entries: readonly TeamHistoryEntity[]): Promise<void> {
    await tx.query(INSERT, ENTRY.arraysOf(entries));
  }
}
