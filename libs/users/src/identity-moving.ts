import type { EntityManager } from 'typeorm';
import { open, seal, type DataKey, type Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';
import { aliasPlace } from './identity-values';
import { openField, profileColumns, sealField } from './profile-sealing';

/** The sealed columns of an identity: all that holds something of the person. */
const SEALED_COLUMNS = ['subject', ...Object.values(profileColumns)];

/** From whose key to whose, and whose it is then. */
export interface Move {
  readonly from: DataKey;
  readonly to: { readonly userId: string; readonly dataKey: DataKey };
}

/** The sealed columns of a user's identities, all or one of them, locked until the transaction ends. */
export async function lockSealed(
  tx: EntityManager,
  userId: string,
  identityId: string | null,
): Promise<readonly SealedIdentity[]> {
  return rows<SealedIdentity>(
    tx,
    `SELECT id, ${SEALED_COLUMNS.join(', ')} FROM identities
     WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY id FOR UPDATE`,
    [userId, identityId],
  );
}

export type SealedIdentity = { readonly id: string } & Readonly<Record<string, Sealed | null>>;

/** Gives an identity and its aliases to another user, sealed anew under that user's key. */
export async function moveIdentity(
  tx: EntityManager,
  identity: SealedIdentity,
  { from, to }: Move,
): Promise<void> {
  const resealed = SEALED_COLUMNS.map((column) => {
    const plain = openField(from, identity.id, column, identity[column] ?? null);
    return sealField(to.dataKey, identity.id, column, plain);
  });
  const assignments = SEALED_COLUMNS.map((column, index) => `${column} = $${index + 3}`);
  await tx.query(`UPDATE identities SET user_id = $2, ${assignments.join(', ')} WHERE id = $1`, [
    identity.id,
    to.userId,
    ...resealed,
  ]);
  const aliases = await rows<{ issuer: string; audience: string; subject: Sealed }>(
    tx,
    'SELECT issuer, audience, subject FROM identity_aliases WHERE identity_id = $1',
    [identity.id],
  );
  for (const { issuer, audience, subject } of aliases) {
    const place = aliasPlace(identity.id, issuer, audience);
    await tx.query(
      'UPDATE identity_aliases SET subject = $4 WHERE identity_id = $1 AND issuer = $2 AND audience = $3',
      [identity.id, issuer, audience, seal(to.dataKey, place, open(from, place, subject))],
    );
  }
}
