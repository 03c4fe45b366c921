import { Injectable } from '@nestjs/common';
import { Any, LessThan, MoreThanOrEqual, type EntityManager } from 'typeorm';
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
  origin: 'text',
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

  /** Entries about a person in some teams, at an instant or later. */
  async listSince(
    manager: EntityManager,
    {
      subjectId,
      teamIds,
      since,
    }: { readonly subjectId: string; readonly teamIds: readonly string[]; readonly since: Date },
  ): Promise<readonly TeamHistoryEntity[]> {
    const where = { subjectId, teamId: Any([...teamIds]), at: MoreThanOrEqual(since) };
    return manager.find(TeamHistoryEntity, { where, order: { id: 'ASC' } });
  }

  async delete(tx: EntityManager, ids: readonly string[]): Promise<void> {
    await tx.delete(TeamHistoryEntity, { id: Any([...ids]) });
  }

  async insert(tx: EntityManager, entries: readonly TeamHistoryEntity[]): Promise<void> {
    await tx.query(INSERT, ENTRY.arraysOf(entries));
  }
}
