import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  asSealed,
  blindIndexes,
  createDataKey,
  KeyRing,
  unwrapDataKey,
  type DataKey,
  type Place,
} from '@countersign/crypto';
import { firstRow, isForeignKeyViolation, LostRace, rows } from '@countersign/database';
import { openField, openProfile, profileColumns, sealField, sealProfile } from './profile-sealing';
import { IDENTITY_COLUMNS, INSERT_IF_FIRST, LOCK_BY_DIGESTS, type IdentityRow } from './users.sql';
import type { FoundUser, Identity, IdentityClaim, Profile, ProfileField, User, UserStatus } from './user';

/** A user found by a claim, with the profile as it is stored and the key to change it. */
export interface LockedIdentity extends FoundUser {
  readonly profile: Profile;
  readonly profileMadeAt: Date;
  /** Index keys under which the identity cannot be found yet. */
  readonly missingDigests: readonly IndexDigest[];
}

interface IndexDigest {
  readonly keyId: string;
  readonly digest: Buffer;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly keyRing: KeyRing) {}

  async lockByClaim(tx: EntityManager, claim: IdentityClaim): Promise<LockedIdentity | null> {
    const digests = this.digestsOf(claim);
    const found = await rows<IdentityRow & { keyId: string }>(tx, LOCK_BY_DIGESTS, columnsOf(digests));
    const [row] = found;
    if (!row) return null;
    const dataKey = this.dataKeyOf(row);
    const known = new Set(found.map(({ keyId }) => keyId));
    return {
      userId: row.userId,
      identityId: row.identityId,
      status: row.status,
      auditPseudonym: row.auditPseudonym,
      isNew: false,
      profile: openProfile(dataKey, row.identityId, row),
      profileMadeAt: row.profileMadeAt,
      dataKey,
      missingDigests: digests.filter(({ keyId }) => !known.has(keyId)),
    };
  }

  /** @returns null when somebody else was first: the claim's user exists by then. */
  async insertIfFirst(tx: EntityManager, claim: IdentityClaim, now: Date): Promise<FoundUser | null> {
    const [userId, identityId, auditPseudonym] = [uuidv7(), uuidv7(), randomUUID()];
    const { dataKey, wrapped } = createDataKey(this.keyRing, dataKeyPlace(userId));
    const sealed = sealProfile(dataKey, identityId, claim.profile);
    const digests = this.digestsOf(claim);
    const insertion = firstRow<{ count: number }>(tx, INSERT_IF_FIRST, [
      ...columnsOf(digests),
      identityId,
      userId,
      wrapped,
      auditPseudonym,
      now,
      claim.provider,
      claim.environment,
      sealField(dataKey, identityId, 'subject', claim.subject),
      sealed.firstName,
      sealed.lastName,
      sealed.username,
      sealed.photoUrl,
      sealed.languageCode,
      claim.madeAt,
    ]);
    const inserted = await insertion.catch(throwLostRace);
    if (inserted?.count !== digests.length) return null;
    return { userId, identityId, status: 'active', auditPseudonym, isNew: true, dataKey };
  }

  async insertDigests(tx: EntityManager, identityId: string, digests: readonly IndexDigest[]): Promise<void> {
    await tx.query(
      `INSERT INTO identity_digests (key_id, digest, identity_id)
       SELECT key_id, digest, $3::uuid FROM unnest($1::text[], $2::bytea[]) AS new (key_id, digest)
       ON CONFLICT DO NOTHING`,
      [...columnsOf(digests), identityId],
    );
  }

  async updateProfile(
    tx: EntityManager,
    { identityId, dataKey }: LockedIdentity,
    changes: ReadonlyMap<ProfileField, string | null>,
    madeAt: Date,
    now: Date,
  ): Promise<void> {
    const assignments = [...changes.keys()].map((field, index) => `${profileColumns[field]} = $${index + 4}`);
    const sealed = [...changes].map(([field, value]) =>
      sealField(dataKey, identityId, profileColumns[field], value),
    );
    await tx.query(
      `UPDATE identities SET updated_at = $2, profile_made_at = $3, ${assignments.join(', ')} WHERE id = $1`,
      [identityId, now, madeAt, ...sealed],
    );
  }

  async findUserIdByClaim(manager: EntityManager, claim: IdentityClaim): Promise<string | null> {
    const found = await firstRow<{ userId: string }>(
      manager,
      `SELECT i.user_id AS "userId" FROM unnest($1::text[], $2::bytea[]) AS wanted (key_id, digest)
       JOIN identity_digests d USING (key_id, digest) JOIN identities i ON i.id = d.identity_id LIMIT 1`,
      columnsOf(this.digestsOf(claim)),
    );
    return found?.userId ?? null;
  }

  async lockById(tx: EntityManager, userId: string): Promise<boolean> {
    const found = await firstRow(tx, 'SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    return found !== null;
  }

  async findDataKey(manager: EntityManager, userId: string): Promise<DataKey | null> {
    const found = await firstRow<{ dataKey: string }>(
      manager,
      'SELECT data_key AS "dataKey" FROM users WHERE id = $1',
      [userId],
    );
    return found && this.dataKeyOf({ userId, dataKey: found.dataKey });
  }

  async findById(manager: EntityManager, userId: string): Promise<User | null> {
    const found = await rows<IdentityRow>(
      manager,
      `SELECT ${IDENTITY_COLUMNS} FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1 ORDER BY i.id`,
      [userId],
    );
    const [first] = found;
    if (!first) return null;
    const dataKey = this.dataKeyOf(first);
    return {
      id: first.userId,
      status: first.status,
      createdAt: first.userCreatedAt,
      identities: found.map((row) => toIdentity(row, dataKey)),
    };
  }

  async setStatus(
    tx: EntityManager,
    userId: string,
    status: UserStatus,
    now: Date,
  ): Promise<{ auditPseudonym: string } | null> {
    return firstRow(
      tx,
      `UPDATE users SET status = $2, updated_at = $3 WHERE id = $1 RETURNING audit_pseudonym AS "auditPseudonym"`,
      [userId, status, now],
    );
  }

  private digestsOf({ provider, environment, subject }: IdentityClaim): readonly IndexDigest[] {
    return blindIndexes(this.keyRing, 'identities.subject', [provider, environment, subject]);
  }

  private dataKeyOf({ userId, dataKey }: { userId: string; dataKey: string }): DataKey {
    return unwrapDataKey(this.keyRing, dataKeyPlace(userId), asSealed(dataKey));
  }
}

/** Only some of the digests were free: a replica with another set of index keys created the identity meanwhile. */
function throwLostRace(error: unknown): never {
  throw isForeignKeyViolation(error) ? new LostRace() : error;
}

function dataKeyPlace(userId: string): Place {
  return { table: 'users', column: 'data_key', row: userId };
}

function columnsOf(digests: readonly IndexDigest[]): [string[], Buffer[]] {
  return [digests.map(({ keyId }) => keyId), digests.map(({ digest }) => digest)];
}

function toIdentity(row: IdentityRow, dataKey: DataKey): Identity {
  return {
    id: row.identityId,
    provider: row.provider,
    environment: row.environment,
    subject: openField(dataKey, row.identityId, 'subject', asSealed(row.subject)) ?? '',
    profile: openProfile(dataKey, row.identityId, row),
    createdAt: row.createdAt,
  };
}
