import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Assurance } from '../assurance';

/** Some of a person's proofs. */
export interface SomeProofs {
  readonly userId: string;
  /** Of these identities; of all when null. */
  readonly identityIds: readonly string[] | null;
  /** Made for this application; for all when null. */
  readonly applicationId: string | null;
  /** Not stronger than this. */
  readonly assurance: Assurance;
  /** Only those that a bot signed which the application merely allows. */
  readonly ofAllowedBots: boolean;
}

/** With the user, the instant, the identities or null, the application or null, the assurance, and of which bots. */
const INSERT = `
  WITH noted AS (
    UPDATE users SET applications_not_before = GREATEST(applications_not_before, $2) WHERE id = $1
  ), concerned AS (
    SELECT id FROM identities WHERE user_id = $1 AND ($3::uuid[] IS NULL OR id = ANY($3))
  ), earlier AS (
    DELETE FROM proof_cutoffs
    WHERE identity_id = ANY(ARRAY(SELECT id FROM concerned)) AND application_id IS NOT DISTINCT FROM $4::uuid
      AND assurance = $5 AND of_allowed_bots = $6 AND not_before <= $2
  )
  INSERT INTO proof_cutoffs (id, identity_id, application_id, assurance, of_allowed_bots, not_before)
  SELECT gen_random_uuid(), id, $4, $5, $6, $2 FROM concerned`;

@Injectable()
export class ProofCutoffsRepository {
  async insert(
    tx: EntityManager,
    { userId, identityIds, applicationId, assurance, ofAllowedBots }: SomeProofs,
    at: Date,
  ): Promise<void> {
    await tx.query(INSERT, [userId, at, identityIds, applicationId, assurance, ofAllowedBots]);
  }
}
