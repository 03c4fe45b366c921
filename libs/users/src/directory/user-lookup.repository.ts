import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, firstRow } from '@countersign/database';
import { digestsOf } from '../identity-digests';
import type { IdentityKey } from '../user';

/** An account that was looked up, and its name in the audit trail. */
export interface LookedUp {
  readonly userId: string;
  readonly auditPseudonym: string;
}

/** Every plan starts from the digest, with any statistics of the planner, see ADR 0024. */
const BY_DIGESTS = `
  SELECT found.* FROM (${BLIND_INDEX.unnest()}) AS wanted CROSS JOIN LATERAL (
    SELECT u.id AS "userId", u.audit_pseudonym AS "auditPseudonym" FROM identity_digests d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    OFFSET 0
  ) AS found
  LIMIT 1`;

/** For the id of a merged account the surviving one. */
const BY_ID = `
  SELECT id AS "userId", audit_pseudonym AS "auditPseudonym" FROM users
  WHERE id = COALESCE((SELECT user_id FROM user_aliases WHERE id = $1::uuid), $1)`;

/** Finds accounts by what operators know of them. Opens nothing that is sealed. */
@Injectable()
export class UserLookup {
  constructor(private readonly keyRing: KeyRing) {}

  async bySubject(
    manager: EntityManager,
    identity: Omit<IdentityKey, 'applicationId'>,
  ): Promise<LookedUp | null> {
    const digests = digestsOf(this.keyRing, identity);
    return firstRow<LookedUp>(manager, BY_DIGESTS, BLIND_INDEX.arraysOf(digests));
  }

  async byId(manager: EntityManager, userId: string): Promise<LookedUp | null> {
    return firstRow<LookedUp>(manager, BY_ID, [userId]);
  }
}
