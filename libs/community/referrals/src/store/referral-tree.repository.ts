import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { LockedUser, MergePair } from '@countersign/users';
import { MAX_REFERRAL_LEVELS } from '../referral.settings';

/** Finds a node of the user `$1` in the application `$2`. The first node of the account takes precedence. */
const FIND_NODE = `
  SELECT id FROM referral_nodes
  WHERE user_id = $1 AND application_id = $2 ORDER BY (id = person_id) DESC, id LIMIT 1`;

/** Counts each person once, at the level nearest to the user. Siblings are in `ix_referral_nodes_parent`. */
const COUNT_BELOW = `
  WITH RECURSIVE own AS MATERIALIZED (
    SELECT id FROM referral_nodes WHERE user_id = $1 AND application_id = $2
  ), below (id, person_id, level) AS (
    SELECT id, 0::bigint, 0 FROM own
    UNION ALL
    SELECT nodes.id, nodes.person_id, below.level + 1
    FROM below JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.parent_id = below.id
    WHERE below.level < $3 AND nodes.id NOT IN (SELECT id FROM own)
  ), people AS (
    SELECT DISTINCT ON (person_id) level FROM below WHERE level > 0 ORDER BY person_id, level, id
  )
  SELECT level, count(*)::int AS count FROM people GROUP BY level`;

/** Finds the oldest code of the user `$1` in the application `$2`. The code of their first node takes precedence. */
const FIND_CODE = `
  SELECT codes.code FROM referral_nodes nodes
  JOIN referral_codes codes ON codes.application_id = nodes.application_id AND codes.node_id = nodes.id
  WHERE nodes.user_id = $1 AND nodes.application_id = $2
  ORDER BY (nodes.id = nodes.person_id) DESC, nodes.id LIMIT 1`;

/** Inserts a node for a user without one. The parameters are the user, the application and the instant. */
const INSERT_ROOT = `
  INSERT INTO referral_nodes (application_id, id, person_id, user_id, created_at)
  SELECT $2::uuid, next.id, next.id, $1::uuid, $3::timestamptz
  FROM (SELECT nextval('referral_nodes_sequence') AS id) AS next
  ON CONFLICT (application_id, user_id) WHERE id = person_id DO NOTHING`;

const MERGE_NODES = `
  UPDATE referral_nodes nodes SET user_id = $2, person_id = COALESCE((
    SELECT own.id FROM referral_nodes own
    WHERE own.user_id = $2 AND own.application_id = nodes.application_id AND own.id = own.person_id
  ), nodes.person_id)
  WHERE nodes.user_id = $1`;

const COUNT_CODES = `
  SELECT count(*)::int AS "referralCodes" FROM referral_codes codes JOIN referral_nodes nodes
  ON nodes.application_id = codes.application_id AND nodes.id = codes.node_id WHERE nodes.user_id = $1`;

const DELETE_CODES = `
  DELETE FROM referral_codes codes USING referral_nodes nodes
  WHERE nodes.user_id = $1 AND nodes.application_id = codes.application_id AND nodes.id = codes.node_id`;

export interface ReferralMember {
  readonly userId: string;
  readonly applicationId: string;
}

/** No statement reads more of the table than the people whom it answers about. */
@Injectable()
export class ReferralTreeRepository {
  async findNode(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<string | null> {
    return (await firstRow<{ id: string }>(manager, FIND_NODE, [userId, applicationId]))?.id ?? null;
  }

  async countBelow(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<ReadonlyMap<number, number>> {
    const counts = await rows<{ level: number; count: number }>(manager, COUNT_BELOW, [
      userId,
      applicationId,
      MAX_REFERRAL_LEVELS,
    ]);
    return new Map(counts.map(({ level, count }) => [level, count]));
  }

  async findCode(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<string | null> {
    const found = await firstRow<{ code: string }>(manager, FIND_CODE, [userId, applicationId]);
    return found?.code ?? null;
  }

  async insertRoot(tx: EntityManager, { userId, applicationId }: ReferralMember, now: Date): Promise<void> {
    await tx.query(INSERT_ROOT, [userId, applicationId, now]);
  }

  async merge(tx: EntityManager, { loser, survivor }: MergePair): Promise<void> {
    await tx.query(MERGE_NODES, [loser.userId, survivor.userId]);
  }

  async countCodes(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    return (await firstRow<Record<string, number>>(manager, COUNT_CODES, [userId])) ?? {};
  }

  async deleteCodes(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await tx.query(DELETE_CODES, [userId]);
  }
}
