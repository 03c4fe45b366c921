import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, rows } from '@countersign/database';
import { digestsOf } from '../digests/identity-digests';
import { platformUsernameDigests } from '../lookup/lookup-digests.repository';
import type { IdentityKey } from '../user';

export interface LookedUp {
  readonly userId: string;
  readonly auditPseudonym: string;
}

/** A username has more holders only if it moved between many people who did not sign in again. */
const MAX_HOLDERS = 20;

/** Every plan starts from the digest, whatever the planner's statistics are (ADR 0024). */
const byDigests = (table: string, order: string): string => `
  SELECT "userId", "auditPseudonym" FROM (${BLIND_INDEX.unnest()}) AS wanted CROSS JOIN LATERAL (
    SELECT u.id AS "userId", u.audit_pseudonym AS "auditPseudonym", NULLIF(i.profile_made_at, to_timestamp(0)) AS "heldAt"
    FROM ${table} d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    OFFSET 0
  ) AS found
  GROUP BY 1, 2 ORDER BY ${order} LIMIT ${MAX_HOLDERS}`;

const OWNERS = byDigests('identity_digests', '1');
/** The latest holder comes first. A username that moved has more than one holder until its former holder signs in. */
const HOLDERS = byDigests('lookup_digests', 'max("heldAt") DESC NULLS LAST, 1');

/** The id of a merged account finds the survivor. */
const BY_ID = `
  SELECT id AS "userId", audit_pseudonym AS "auditPseudonym" FROM users
  WHERE id = COALESCE((SELECT user_id FROM user_aliases WHERE id = $1::uuid), $1)`;

/** Finds accounts by data that operators know. It opens no sealed field. */
@Injectable()
export class UserLookup {
  constructor(private readonly keyRing: KeyRing) {}

  async bySubjects(
    manager: EntityManager,
    identities: readonly Omit<IdentityKey, 'applicationId'>[],
  ): Promise<readonly LookedUp[]> {
    const digests = identities.flatMap((identity) => digestsOf(this.keyRing, identity));
    return rows<LookedUp>(manager, OWNERS, BLIND_INDEX.arraysOf(digests));
  }

  async byUsername(manager: EntityManager, username: string): Promise<readonly LookedUp[]> {
    const digests = platformUsernameDigests(this.keyRing, username);
    return rows<LookedUp>(manager, HOLDERS, BLIND_INDEX.arraysOf(digests));
  }

  async byId(manager: EntityManager, userId: string): Promise<readonly LookedUp[]> {
    return rows<LookedUp>(manager, BY_ID, [userId]);
  }
}
