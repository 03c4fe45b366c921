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
}
