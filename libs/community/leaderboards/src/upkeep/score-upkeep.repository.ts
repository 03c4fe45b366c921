import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';

const OLD = 'SELECT id FROM board_seasons WHERE closed_at < $1';

const DELETE_SCORES = `
  DELETE FROM board_scores WHERE (board_id, id) IN (
    SELECT scores.board_id, scores.id FROM (${OLD}) AS seasons
    JOIN board_scores scores ON scores.season_id = seasons.id LIMIT $2
  ) RETURNING 1`;

@Injectable()
export class ScoreUpkeepRepository {
  /** Of seasons that were closed before an instant. @returns how many */
  async deleteOf(tx: EntityManager, before: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_SCORES, [before, limit])).length;
  }
}
