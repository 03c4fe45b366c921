import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { MAX_REFERRAL_LEVELS } from '../referral.settings';

/** The node of the user `$1` in the application `$2`; that of the whole account before others. */
const FIND_NODE = `
  SELECT id FROM referral_nodes
  WHERE user_id = $1 AND application_id = $2 ORDER BY (id = person_id) DESC, id LIMIT 1`;

/**
 * How many people are below the user `$1` in the application `$2`, up to `$3` levels, each once: at the lowest level, by the earliest
 * node there. Siblings are in `ix_referral_nodes_parent`.
 */
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

/** The oldest code of the user `$1` in the application `$2`, of their first node before others. */
const FIND_CODE = `
  SELECT codes.code FROM referral_nodes nodes
  JOIN referral_codes codes ON codes.application_id = nodes.application_id AND codes.node_id = nodes.id
  WHERE nodes.user_id = $1 AND nodes.application_id = $2
  ORDER BY (nodes.id = nodes.person_id) DESC, nodes.id LIMIT 1`;

/** A node for a user without one. With the user, the application and the instant. */
const INSERT_ROOT = `
  INSERT INTO referral_nodes (application_id, id, person_id, user_id, created_at)
  SELECT $2::uuid, next.id, next.id, $1::uuid, $3::timestamptz
  FROM (SELECT nextval('referral_nodes_sequence') AS id) AS next
  ON CONFLICT (application_id, user_id) WHERE id = person_id DO NOTHING`;

/** The loser's (`$1`) nodes become the survivor's (`$2`), and stay where they are in the tree. */
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

/** The tree and its codes. Each statement reads the people whom it answers about, however large the table is. */
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

  /** A node in the tree for a person who came without a referrer. Nothing happens where there is one. */
  async insertRoot(tx: EntityManager, { userId, applicationId }: ReferralMember, now: Date): Promise<void> {
    await tx.query(INSERT_ROOT, [userId, applicationId, now]);
  }

  /** The caller holds the locks of the users, here and below. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(MERGE_NODES, [loserId, survivorId]);
  }

  async countCodes(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    return (await firstRow<Record<string, number>>(manager, COUNT_CODES, [userId])) ?? {};
  }

  async deleteCodes(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(DELETE_CODES, [userId]);
  }
}
