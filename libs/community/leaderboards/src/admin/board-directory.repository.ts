import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { countUpTo, type CountResponse } from '@countersign/admin';
import { sequenceOfId, type Keyset } from '@countersign/http';
import { BoardEntity, BoardScoreEntity } from '../store/board.entity';

export interface ScoreFilter {
  readonly seasonId: string;
  readonly userId?: string | undefined;
}

/** Lists for operators, newest first, each along an index, one row more than the limit. */
@Injectable()
export class BoardDirectoryRepository {
  async count(manager: EntityManager, applicationId: string | undefined): Promise<CountResponse> {
    const query = manager.createQueryBuilder(BoardEntity, 'board').select('board.id', 'id');
    if (applicationId !== undefined) query.where('board.applicationId = :applicationId', { applicationId });
    const [statement, parameters] = query.getQueryAndParameters();
    return countUpTo(manager, `FROM (${statement}) AS found`, parameters);
  }

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

  async countScores(manager: EntityManager, seasonId: string, userId: string): Promise<CountResponse> {
    const from = 'FROM board_scores WHERE season_id = $1 AND user_id = $2';
    return countUpTo(manager, from, [seasonId, userId]);
  }
}
