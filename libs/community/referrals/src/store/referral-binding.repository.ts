import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, rows, type RowOf } from '@countersign/database';
import type { LockedUser } from '@countersign/users';
import type { ReferralCodeEntity, ReferralNodeEntity } from './referral.entity';

const ARRIVAL = columns<
  Readonly<
    Pick<ReferralNodeEntity, 'applicationId'> &
      Pick<ReferralCodeEntity, 'code'> & { userId: string; source: string }
  >
>({ userId: 'uuid', applicationId: 'uuid', code: 'text', source: 'text' });
export type Arrival = RowOf<typeof ARRIVAL>;

const BOUND_ARRIVAL = ARRIVAL.and(columns<Readonly<Pick<ReferralNodeEntity, 'digest'>>>({ digest: 'bytea' }));

/** Every plan starts from the codes, whatever the planner's statistics: see ADR 0024. */
const REFERRERS = `
  CROSS JOIN LATERAL (
    SELECT nodes.id AS parent_id, nodes.user_id AS referrer_id
    FROM referral_codes codes
    JOIN referral_nodes nodes ON nodes.application_id = codes.application_id AND nodes.id = codes.node_id
    WHERE codes.code = wanted.code AND codes.application_id = wanted.application_id AND nodes.user_id IS NOT NULL
    OFFSET 0
  ) AS known`;

/** Updates no row. The parameters are the instant and the batch of `BOUND_ARRIVAL`. */
const BIND = `
  WITH wanted AS MATERIALIZED (${BOUND_ARRIVAL.unnest(2)}), found AS MATERIALIZED (
    SELECT wanted.*, known.* FROM wanted ${REFERRERS}
  ), numbered AS MATERIALIZED (
    SELECT found.*, nextval('referral_nodes_sequence') AS id FROM found WHERE referrer_id <> user_id
  ), bound AS (
    INSERT INTO referral_nodes (application_id, id, person_id, user_id, parent_id, source, digest, created_at)
    SELECT application_id, id, id, user_id, parent_id, source, digest, $1::timestamptz FROM numbered ORDER BY id
    ON CONFLICT (application_id, user_id) WHERE id = person_id DO NOTHING
    RETURNING application_id, id, user_id
  )
  SELECT found.user_id AS "userId", found.application_id AS "applicationId", found.referrer_id AS "referrerId",
    referrers.audit_pseudonym AS "auditPseudonym", bound.id IS NOT NULL AS "isBound"
  FROM found
  LEFT JOIN bound ON bound.user_id = found.user_id AND bound.application_id = found.application_id
  CROSS JOIN LATERAL (SELECT audit_pseudonym FROM users WHERE id = found.referrer_id OFFSET 0) AS referrers`;

const WANTED_CODE = ARRIVAL.pick('code', 'applicationId');

const FIND_REFERRERS = `
  SELECT wanted.code, wanted.application_id AS "applicationId", known.referrer_id AS "referrerId"
  FROM (${WANTED_CODE.unnest()}) AS wanted ${REFERRERS}`;

const WANTED_DIGEST = columns<{ readonly digest: Buffer } & Pick<Arrival, 'applicationId'>>({
  applicationId: 'uuid',
  digest: 'bytea',
});

const FIND_DIGESTS = `
  SELECT wanted.digest FROM (${WANTED_DIGEST.unnest(2)}) AS wanted
  CROSS JOIN LATERAL (
    SELECT FROM referral_nodes nodes
    WHERE nodes.application_id = wanted.application_id AND nodes.digest = wanted.digest
      AND nodes.created_at > $1::timestamptz
    OFFSET 0 LIMIT 1
  ) AS known`;

const FORGET_DIGESTS = `
  UPDATE referral_nodes SET digest = NULL WHERE (application_id, id) IN (
    SELECT application_id, id FROM referral_nodes WHERE digest IS NOT NULL AND created_at <= $1::timestamptz
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
  ) RETURNING true`;

export interface FoundReferrer {
  readonly userId: string;
  readonly applicationId: string;
  readonly referrerId: string;
  readonly auditPseudonym: string;
  readonly isBound: boolean;
}

@Injectable()
export class ReferralBindingRepository {
  /** @param arrivals of different people @returns `undefined` for an unknown code */
  async bind(
    tx: EntityManager,
    arrivals: readonly (RowOf<typeof BOUND_ARRIVAL> & { readonly user: LockedUser })[],
    now: Date,
  ): Promise<readonly (FoundReferrer | undefined)[]> {
    const found = await rows<FoundReferrer>(tx, BIND, [now, ...BOUND_ARRIVAL.arraysOf(arrivals)]);
    return arrivals.map(({ userId, applicationId }) =>
      found.find((one) => one.userId === userId && one.applicationId === applicationId),
    );
  }

  async findDigests(
    tx: EntityManager,
    wanted: readonly RowOf<typeof WANTED_DIGEST>[],
    since: Date,
  ): Promise<readonly Buffer[]> {
    const found = await rows<{ digest: Buffer }>(tx, FIND_DIGESTS, [
      since,
      ...WANTED_DIGEST.arraysOf(wanted),
    ]);
    return found.map(({ digest }) => digest);
  }

  /** Forgets the digests of nodes that were bound until then. @returns the number of digests */
  async forgetDigests(tx: EntityManager, until: Date, limit: number): Promise<number> {
    return (await rows(tx, FORGET_DIGESTS, [until, limit])).length;
  }

  /** @returns the users of the codes in their order; `null` for an unknown code */
  async findReferrers(
    manager: EntityManager,
    wanted: readonly RowOf<typeof WANTED_CODE>[],
  ): Promise<readonly (string | null)[]> {
    const found = await rows<RowOf<typeof WANTED_CODE> & Pick<FoundReferrer, 'referrerId'>>(
      manager,
      FIND_REFERRERS,
      WANTED_CODE.arraysOf(wanted),
    );
    return wanted.map(({ code, applicationId }) => {
      const row = found.find((one) => one.code === code && one.applicationId === applicationId);
      return row?.referrerId ?? null;
    });
  }
}
