import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WantedOrigins } from '@countersign/applications';
import { firstRow, rows } from '@countersign/database';

/** A person who was referred by a sign-in that rests on a bot's token or on a vendor's secret. */
export interface BoundReferral {
  readonly referralId: string;
  readonly applicationId: string;
  /** `null` when that account was erased, as for the referrer. */
  readonly userId: string | null;
  readonly referrerId: string | null;
  readonly at: Date;
  /** Whether it was removed. */
  readonly isRemoved: boolean;
}

/** With the ids for the audit trail. */
interface RemovableReferral extends BoundReferral {
  readonly auditPseudonym: string | null;
}

const REFERRAL = `
  SELECT nodes.id::text AS "referralId", nodes.application_id AS "applicationId", nodes.user_id AS "userId",
    parents.user_id AS "referrerId", nodes.created_at AS at,
    NOT EXISTS (SELECT FROM referral_paths WHERE node_id = nodes.id) AS "isRemoved"`;

const LIST = `${REFERRAL}
  FROM referral_nodes nodes
  JOIN referral_nodes parents ON parents.application_id = nodes.application_id AND parents.id = nodes.parent_id
  WHERE nodes.origin = ANY($1::text[]) AND nodes.created_at >= $2::timestamptz
    AND (nodes.origin = $3 OR nodes.application_id = $4)
  ORDER BY nodes.id`;

const LOCK = `${REFERRAL}, users.audit_pseudonym AS "auditPseudonym"
  FROM referral_nodes nodes
  JOIN referral_nodes parents ON parents.application_id = nodes.application_id AND parents.id = nodes.parent_id
  LEFT JOIN users ON users.id = nodes.user_id
  WHERE nodes.id = $1::bigint FOR UPDATE OF nodes`;

/** The node stays where it is, and no one above it has the people below it any more. */
const REMOVE = `
  DELETE FROM referral_paths
  WHERE node_id IN (SELECT node_id FROM referral_paths WHERE ancestor_id = $1::bigint UNION SELECT $1::bigint)
    AND ancestor_id IN (SELECT ancestor_id FROM referral_paths WHERE node_id = $1::bigint)`;

/** Referrals by forged sign-ins. */
@Injectable()
export class BoundReferralsRepository {
  /** Oldest first. */
  async list(
    manager: EntityManager,
    { name, within, applicationId }: WantedOrigins,
    since: Date,
  ): Promise<readonly BoundReferral[]> {
    const origins = name === null ? within : [name, ...within];
    return rows(manager, LIST, [origins, since, name, applicationId]);
  }

  /** `null` for a node that is none, or has no referrer. */
  async lock(tx: EntityManager, referralId: string): Promise<RemovableReferral | null> {
    return firstRow<RemovableReferral>(tx, LOCK, [referralId]);
  }

  async remove(tx: EntityManager, referralId: string): Promise<void> {
    await tx.query(REMOVE, [referralId]);
  }
}
