import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { TeamEntity } from '../store/team.entity';

/** Deletes rows of teams whose retention has ended. */
@Injectable()
export class TeamUpkeepRepository {
  /** Teams that were deleted before an instant, oldest first. */
  async listDeleted(manager: EntityManager, before: Date, limit: number): Promise<readonly string[]> {
    const found = await manager.find(TeamEntity, {
      select: { id: true },
      where: { deletedAt: LessThan(before) },
      order: { deletedAt: 'ASC' },
      take: limit,
    });
    return found.map(({ id }) => id);
  }

  /** Up to a number of members, never the owner. @returns how many */
  async deleteMembers(tx: EntityManager, teamId: string, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM team_members WHERE team_id = $1 AND user_id = ANY(ARRAY(
         SELECT user_id FROM team_members WHERE team_id = $1 AND role <> 'owner' ORDER BY user_id LIMIT $2
       )) RETURNING 1`,
      [teamId, limit],
    );
    return deleted.length;
  }

  /** Up to a number of entries of one team. @returns how many */
  async deleteHistoryOf(tx: EntityManager, teamId: string, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM team_history WHERE id = ANY(ARRAY(
         SELECT id FROM team_history WHERE team_id = $1 ORDER BY id LIMIT $2
       )) RETURNING 1`,
      [teamId, limit],
    );
    return deleted.length;
  }

  /** Up to a number of entries that are older than an instant. @returns how many */
  async deleteHistory(tx: EntityManager, before: Date, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM team_history WHERE id = ANY(ARRAY(
         SELECT id FROM team_history WHERE at < $1 ORDER BY at LIMIT $2
       )) RETURNING 1`,
      [before, limit],
    );
    return deleted.length;
  }
}
