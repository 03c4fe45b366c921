import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { NewAnomaly } from '../store/scores.repository';

const OLD = 'SELECT id FROM board_seasons WHERE closed_at < $1';

const DELETE_SCORES = `
  DELETE FROM board_scores WHERE (board_id, id) IN (
    SELECT scores.board_id, scores.id FROM (${OLD}) AS seasons
    JOIN board_scores scores ON scores.season_id = seasons.id LIMIT $2
  ) RETURNING 1`;

/** How many people of a season are noted at most: those who share with most others. */
const MAX_NOTED = 1_000;

/** People with entries in open seasons, whose live sessions have a device key that more than `allowed` of them share. */
const SHARED_KEYS = `
  WITH keys AS (
    SELECT sessions.application_id, sessions.device_key_thumbprint, entries.season_id,
      array_agg(DISTINCT sessions.user_id) AS people
    FROM sessions
    JOIN boards ON boards.application_id = sessions.application_id
    JOIN board_seasons seasons ON seasons.board_id = boards.id AND seasons.closed_at IS NULL
    JOIN board_entries entries ON entries.user_id = sessions.user_id AND entries.season_id = seasons.id
    WHERE sessions.device_key_thumbprint IS NOT NULL
      AND sessions.ended_at IS NULL AND LEAST(sessions.idle_expires_at, sessions.expires_at) > $1
    GROUP BY sessions.application_id, sessions.device_key_thumbprint, entries.season_id
    HAVING count(DISTINCT sessions.user_id) > 1
  )
  SELECT "applicationId", "seasonId", "userId", found FROM (
    SELECT keys.application_id AS "applicationId", keys.season_id AS "seasonId", person.id AS "userId",
      max(cardinality(keys.people))::int AS found,
      row_number() OVER (PARTITION BY keys.season_id ORDER BY max(cardinality(keys.people)) DESC, person.id) AS number
    FROM keys CROSS JOIN LATERAL unnest(keys.people) AS person (id)
    GROUP BY keys.application_id, keys.season_id, person.id
  ) AS shared
  WHERE number <= ${MAX_NOTED}
  ORDER BY "seasonId", "userId"`;

/** A person who shares a device key with others of a season. */
interface SharedKey extends Pick<NewAnomaly, 'userId' | 'found'> {
  readonly applicationId: string;
  readonly seasonId: string;
}

@Injectable()
export class ScoreUpkeepRepository {
  /** Of seasons that were closed before an instant. @returns how many */
  async deleteOf(tx: EntityManager, before: Date, limit: number): Promise<number> {
    await rows(tx, `DELETE FROM board_anomalies WHERE season_id IN (${OLD})`, [before]);
    return (await rows(tx, DELETE_SCORES, [before, limit])).length;
  }

  async listSharedKeys(manager: EntityManager, now: Date): Promise<readonly SharedKey[]> {
    return rows<SharedKey>(manager, SHARED_KEYS, [now]);
  }
}
