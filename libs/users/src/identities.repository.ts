import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { KeyRing, open, seal, type Sealed } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';
import { insertClaimed } from './identity-digests';
import { aliasPlace, toNewIdentity, type IdentityOwner } from './identity-values';
import { sealField } from './profile-sealing';
import type { IdentityAlias, IdentityClaim, Profile } from './user';
import { IDENTITY_ALIAS, NEW_IDENTITY } from './user.columns';
import { INSERT_IDENTITY_IF_FIRST, PUT_ALIAS } from './users.sql';

/** The identities of users that exist. The caller holds the lock of the user. */
@Injectable()
export class IdentitiesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** @returns its id, or null when somebody has it. */
  async insertIdentityIfFirst(
    tx: EntityManager,
    { userId, dataKey }: Omit<IdentityOwner, 'identityId'>,
    claim: IdentityClaim,
    profile: Profile,
    now: Date,
  ): Promise<string | null> {
    const identityId = uuidv7();
    const identity = toNewIdentity({ userId, identityId, dataKey }, claim, profile);
    const values = [identityId, now, ...NEW_IDENTITY.valuesOf(identity)];
    const isFirst = await insertClaimed(tx, this.keyRing, INSERT_IDENTITY_IF_FIRST, claim, values);
    return isFirst ? identityId : null;
  }

  /** A row is written only when the alias is new or another one. */
  async putAlias(
    tx: EntityManager,
    { identityId, dataKey }: Omit<IdentityOwner, 'userId'>,
    { issuer, audience, subject }: IdentityAlias,
    now: Date,
  ): Promise<void> {
    const known = await firstRow<{ subject: Sealed }>(
      tx,
      'SELECT subject FROM identity_aliases WHERE identity_id = $1 AND issuer = $2 AND audience = $3',
      [identityId, issuer, audience],
    );
    const place = aliasPlace(identityId, issuer, audience);
    if (known && open(dataKey, place, known.subject) === subject) return;
    const alias = {
      identityId,
      issuer,
      audience,
      subject: seal(dataKey, place, subject),
      createdAt: now,
    };
    await tx.query(PUT_ALIAS, IDENTITY_ALIAS.valuesOf(alias));
  }

  /** The identities of a user, by how they were found: oldest first. */
  async idsOf(tx: EntityManager, userId: string): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(tx, 'SELECT id FROM identities WHERE user_id = $1 ORDER BY id', [
      userId,
    ]);
    return found.map(({ id }) => id);
  }

  async delete(tx: EntityManager, identityId: string): Promise<void> {
    await tx.query('DELETE FROM identities WHERE id = $1', [identityId]);
  }

  /** A number that was said earlier than the one known changes nothing. @returns whether it was written. */
  async setPhoneNumber(
    tx: EntityManager,
    { identityId, dataKey }: Omit<IdentityOwner, 'userId'>,
    phoneNumber: string,
    madeAt: Date,
    now: Date,
  ): Promise<boolean> {
    const written = await firstRow(
      tx,
      `UPDATE identities SET phone_number = $2, phone_made_at = $3, updated_at = $4,
         asserted_fields = array_append(array_remove(asserted_fields, 'phoneNumber'), 'phoneNumber')
       WHERE id = $1 AND (phone_made_at IS NULL OR phone_made_at <= $3) RETURNING true`,
      [identityId, sealField(dataKey, identityId, 'phone_number', phoneNumber), madeAt, now],
    );
    return written !== null;
  }
}
