import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { sequenceOfId, type Keyset } from '@countersign/http';
import { BoardScoreEntity } from '../store/board.entity';

export interface ScoreFilter {
  readonly seasonId: string;
  readonly userId?: string | undefined;
}

/** Lists for operators, newest first, each along an index, one row more than the limit. */
@Injectable()
export class BoardDirectoryRepository {
  async listScores(
    manager: EntityManager,
    { seasonId, userId }: ScoreFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly BoardScoreEntity[]> {
    return manager.find(BoardScoreEntity, {
      where: {
        seasonId,
        ...(userId === undefined ? {} : { userId }),
        ...(afterId === null ? {} : { sequence: LessThan(sequenceOfId(afterId)) }),
      },
      order: { sequence: 'DESC' },
      take: limit + 1,
    });
  }

  async countScores(manager: EntityManager, seasonId: string, userId: string): Promise<number> {
    const from = 'FROM board_scores WHERE season_id = $1 AND user_id = $2';
    return countUpTo(manager, from, [seasonId, userId]);
  }
}
