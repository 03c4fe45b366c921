import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  asSealed,
  type BlindIndex,
  createDataKey,
  KeyRing,
  unwrapDataKey,
  type DataKey,
  type Place,
} from '@countersign/crypto';
import { firstRow, rows, type RowOf } from '@countersign/database';
import { digestsOf, throwLostRace } from './identity-digests';
import { trustOf, type TrustRow } from './identity-trust';
import { toNewIdentity, type IdentityOwner } from './identity-values';
import { openField, openProfile, profileColumns, sealField } from './profile-sealing';
import { IDENTITY_DIGEST, NEW_PERSON, SEEN, WANTED, type NewPerson } from './user.columns';
import {
  FIND_BY_DIGESTS,
  IDENTITY_COLUMNS,
  INSERT_DIGESTS,
  INSERT_USERS_IF_FIRST,
  LOCK_BY_DIGESTS,
  NOTE_SEEN,
  READ_NOT_BEFORE,
  SET_NOT_BEFORE,
  type IdentityRow,
  type Visit,
} from './users.sql';
import type {
  FoundUser,
  Identity,
  IdentityClaim,
  IdentityKey,
  IdentityTrust,
  KnownPerson,
  Profile,
  ProfileField,
  User,
  UserStatus,
} from './user';

/** A user found by a claim, with the profile as it is stored and the key to change it. */
export interface LockedIdentity extends FoundUser {
  readonly profile: Profile;
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
  /** Which fields the platform has spoken of, and those of them that it signed itself. */
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
  /** Index keys under which the identity cannot be found yet. */
  readonly missingDigests: readonly BlindIndex[];
}

/** Somebody whom nobody has met, and what is to be kept of them. */
export interface Newcomer {
  readonly claim: IdentityClaim;
  readonly profile: Profile;
}

type FoundRow = IdentityRow &
  Visit & { readonly keyId: string; readonly digest: Buffer; readonly isVisitDoubtful: boolean };

/** What becomes of an identity's profile. */
export interface ProfileUpdate {
  readonly values: ReadonlyMap<ProfileField, string | null>;
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly keyRing: KeyRing) {}

  async lockByClaim(tx: EntityManager, claim: IdentityKey): Promise<LockedIdentity | null> {
    const digests = digestsOf(this.keyRing, claim);
    const found = await rows<FoundRow>(
      tx,
      LOCK_BY_DIGESTS.waiting,
      WANTED.arraysOf(wantedBy(claim, digests)),
    );
    const locked = this.toLocked(digests, found);
    if (!locked || !found[0]?.isVisitDoubtful) return locked;
    const now = await firstRow<Pick<Visit, 'authNotBefore'>>(tx, READ_NOT_BEFORE, [
      locked.userId,
      claim.applicationId,
    ]);
    return { ...locked, ...now };
  }

  /** Waits for nobody. @returns `null` for a claim whose user is locked or has to be looked at twice, or that has none */
  async lockFreeByClaims(
    tx: EntityManager,
    claims: readonly IdentityKey[],
  ): Promise<readonly (LockedIdentity | null)[]> {
    const wanted = claims.map((claim) => digestsOf(this.keyRing, claim));
    const asked = claims.flatMap((claim, index) => wantedBy(claim, wanted[index] ?? []));
    const found = await rows<FoundRow>(tx, LOCK_BY_DIGESTS.free, WANTED.arraysOf(asked));
    const certain = found.filter(({ isVisitDoubtful }) => !isVisitDoubtful);
    const byDigest = new Map(certain.map((row) => [nameOf(row), row]));
    return wanted.map((digests) =>
      this.toLocked(
        digests,
        digests.map((digest) => byDigest.get(nameOf(digest))).filter((row) => row !== undefined),
      ),
    );
  }

  private toLocked(digests: readonly BlindIndex[], found: readonly FoundRow[]): LockedIdentity | null {
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
      authNotBefore: row.authNotBefore,
      lastSeenOn: row.lastSeenOn,
      profile: openProfile(dataKey, row.identityId, row),
      profileMadeAt: row.profileMadeAt,
      phoneMadeAt: row.phoneMadeAt,
      assertedFields: row.assertedFields,
      platformFields: row.platformFields,
      ...trustOf(row),
      dataKey,
      missingDigests: digests.filter(({ keyId }) => !known.has(keyId)),
    };
  }

  /**
   * Makes the users of claims.
   * @returns `null` for a claim that somebody else was faster with: its user exists by then
   */
  async insertIfFirst(
    tx: EntityManager,
    newcomers: readonly Newcomer[],
    now: Date,
  ): Promise<readonly (FoundUser | null)[]> {
    const made = newcomers.map((newcomer) => this.make(newcomer, now));
    const digests = made.flatMap(({ digests: own, user }) =>
      own.map((digest) => ({ ...digest, identityId: user.identityId })),
    );
    const insertion = rows<{ identityId: string }>(tx, INSERT_USERS_IF_FIRST, [
      now,
      made[0]?.digests.length,
      ...IDENTITY_DIGEST.arraysOf(digests),
      ...NEW_PERSON.arraysOf(made.map(({ person }) => person)),
    ]);
    const first = new Set((await insertion.catch(throwLostRace)).map(({ identityId }) => identityId));
    return made.map(({ user }) => (first.has(user.identityId) ? user : null));
  }

  /** Takes back users that the transaction has made. */
  async unmake(tx: EntityManager, users: readonly FoundUser[]): Promise<void> {
    await tx.query('DELETE FROM identities WHERE id = ANY($1::uuid[])', [
      users.map(({ identityId }) => identityId),
    ]);
    await tx.query('DELETE FROM users WHERE id = ANY($1::uuid[])', [users.map(({ userId }) => userId)]);
  }

  async insertDigests(tx: EntityManager, identityId: string, digests: readonly BlindIndex[]): Promise<void> {
    const own = digests.map((digest) => ({ ...digest, identityId }));
    await tx.query(INSERT_DIGESTS, IDENTITY_DIGEST.arraysOf(own));
  }

  /** Index keys that are new to the identity get their digest. */
  async completeDigests(tx: EntityManager, identityId: string, identity: IdentityKey): Promise<void> {
    await this.insertDigests(tx, identityId, digestsOf(this.keyRing, identity));
  }

  async updateProfile(
    tx: EntityManager,
    { identityId, dataKey }: Omit<IdentityOwner, 'userId'>,
    { values, assertedFields, platformFields, profileMadeAt, phoneMadeAt }: ProfileUpdate,
    now: Date,
  ): Promise<void> {
    const assignments = [...values.keys()].map((field, index) => `${profileColumns[field]} = $${index + 7}`);
    const sealed = [...values].map(([field, value]) =>
      sealField(dataKey, identityId, profileColumns[field], value),
    );
    await tx.query(
      `UPDATE identities SET ${[
        'updated_at = $2',
        'asserted_fields = $3::text[]',
        'profile_made_at = $4',
        'phone_made_at = $5::timestamptz',
        'platform_fields = $6::text[]',
        ...assignments,
      ].join(', ')} WHERE id = $1`,
      [identityId, now, assertedFields, profileMadeAt, phoneMadeAt, platformFields, ...sealed],
    );
  }

  async findByClaim(manager: EntityManager, claim: IdentityKey): Promise<KnownPerson | null> {
    const wanted = wantedBy(claim, digestsOf(this.keyRing, claim));
    const found = await firstRow<Omit<KnownPerson, keyof IdentityTrust> & TrustRow>(
      manager,
      FIND_BY_DIGESTS,
      WANTED.arraysOf(wanted),
    );
    return found && { ...found, ...trustOf(found) };
  }

  /** The id that an account has now: an account that was merged answers to the one that it was merged into. */
  async resolveId(manager: EntityManager, userId: string): Promise<string> {
    const found = await firstRow<{ userId: string }>(
      manager,
      'SELECT user_id AS "userId" FROM user_aliases WHERE id = $1',
      [userId],
    );
    return found?.userId ?? userId;
  }

  /** @param hasOutranked whether sessions of weaker proofs ended because of it */
  async setProven(tx: EntityManager, userId: string, at: Date, hasOutranked: boolean): Promise<void> {
    await tx.query(
      `UPDATE users SET platform_proven_at = $2, outranked_at = CASE WHEN $3 THEN $2 ELSE outranked_at END
       WHERE id = $1`,
      [userId, at, hasOutranked],
    );
  }

  /** Notes that people were in applications on a day, as `2026-11-20` in UTC. */
  async noteSeen(tx: EntityManager, visits: readonly RowOf<typeof SEEN>[], day: string): Promise<void> {
    await tx.query(NOTE_SEEN, [day, ...SEEN.arraysOf(visits)]);
  }

  /** Like `setAuthNotBefore`, for proofs made for one application. */
  async setNotBeforeIn(
    tx: EntityManager,
    { userId, applicationId }: RowOf<typeof SEEN>,
    day: string,
    at: Date,
  ): Promise<void> {
    await tx.query(SET_NOT_BEFORE, [userId, applicationId, day, at]);
  }

  async setAuthNotBefore(tx: EntityManager, userId: string, at: Date): Promise<void> {
    await tx.query('UPDATE users SET auth_not_before = GREATEST(auth_not_before, $2) WHERE id = $1', [
      userId,
      at,
    ]);
  }

  /** In the order of their ids, as merges lock them. */
  async setAuthNotBeforeOfAll(tx: EntityManager, userIds: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `WITH locked AS (SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE)
       UPDATE users SET auth_not_before = GREATEST(auth_not_before, $2) WHERE id = ANY(ARRAY(SELECT id FROM locked))`,
      [userIds, at],
    );
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
    const found = await rows<IdentityRow & { outrankedAt: Date | null }>(
      manager,
      `SELECT ${IDENTITY_COLUMNS}, u.outranked_at AS "outrankedAt" FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1 ORDER BY i.id`,
      [userId],
    );
    const [first] = found;
    if (!first) return null;
    const dataKey = this.dataKeyOf(first);
    return {
      id: first.userId,
      status: first.status,
      createdAt: first.userCreatedAt,
      outrankedAt: first.outrankedAt,
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

  private make(
    { claim, profile }: Newcomer,
    now: Date,
  ): {
    readonly user: FoundUser;
    readonly digests: readonly BlindIndex[];
    readonly person: NewPerson;
  } {
    const [userId, identityId, auditPseudonym] = [uuidv7(), uuidv7(), randomUUID()];
    const { dataKey, wrapped } = createDataKey(this.keyRing, dataKeyPlace(userId));
    const owner = { userId, identityId, dataKey };
    const isProven = claim.assurance === 'platform';
    const trust: IdentityTrust = { cap: 'platform', isFounding: true, isProven };
    return {
      user: {
        ...owner,
        ...trust,
        status: 'active',
        auditPseudonym,
        isNew: true,
        authNotBefore: null,
        lastSeenOn: null,
      },
      digests: digestsOf(this.keyRing, claim),
      person: {
        ...toNewIdentity(owner, claim, profile, null),
        dataKey: wrapped,
        auditPseudonym,
        platformProvenAt: isProven ? now : null,
      },
    };
  }

  private dataKeyOf({ userId, dataKey }: { userId: string; dataKey: string }): DataKey {
    return unwrapDataKey(this.keyRing, dataKeyPlace(userId), asSealed(dataKey));
  }
}

export function dataKeyPlace(userId: string): Place {
  return { table: 'users', column: 'data_key', row: userId };
}

export function toIdentity(row: IdentityRow, dataKey: DataKey): Identity {
  const { cap, isFounding } = trustOf(row);
  return {
    id: row.identityId,
    provider: row.provider,
    environment: row.environment,
    subject: openField(dataKey, row.identityId, 'subject', asSealed(row.subject)) ?? '',
    profile: openProfile(dataKey, row.identityId, row),
    createdAt: row.createdAt,
    cap,
    isFounding,
  };
}

function wantedBy(
  { applicationId }: IdentityKey,
  digests: readonly BlindIndex[],
): readonly RowOf<typeof WANTED>[] {
  return digests.map(({ keyId, digest }) => ({ keyId, digest, applicationId }));
}

function nameOf({ keyId, digest }: BlindIndex): string {
  return `${keyId} ${digest.toString('base64')}`;
}
