import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import { KeyRing, fieldBlindIndexes, type BlindIndex } from '@countersign/crypto';
import { columnsOf, rows, type Locked } from '@countersign/database';

/** Keyed digests of usernames at platforms, one for each index key. A change of the username deletes old digests. */
@Entity('lookup_digests')
export class LookupDigestEntity {
  @PrimaryColumn({ type: 'uuid' })
  identityId: string;

  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @Column({ type: 'bytea' })
  digest: Buffer;
}

const IS_ON = '(SELECT username_lookup FROM installation)';

/** A column for a statement that writes identities: whether digests have to follow. It saves a statement. */
export const IS_LOOKED_UP = `${IS_ON} AS "isLookedUp"`;

export interface LookedUpState {
  readonly isLookedUp: boolean;
}

const LOOKUP_DIGEST = columnsOf(LookupDigestEntity);

const INSERT = `
  INSERT INTO lookup_digests (${LOOKUP_DIGEST.names})
  SELECT ${LOOKUP_DIGEST.names} FROM (${LOOKUP_DIGEST.unnest()}) AS wanted
  WHERE ${IS_ON}
  ORDER BY identity_id, key_id
  ON CONFLICT (identity_id, key_id) DO UPDATE SET digest = excluded.digest`;

const DELETE_OFF = `
  DELETE FROM lookup_digests WHERE NOT ${IS_ON} AND ctid = ANY(ARRAY(SELECT ctid FROM lookup_digests LIMIT $1))
  RETURNING true`;

@Injectable()
export class LookupDigestsRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Writes digests of new usernames if the look-up is switched on. */
  async insert(
    tx: EntityManager,
    known: readonly Locked<{ readonly identityId: string; readonly username: string | null | undefined }>[],
  ): Promise<void> {
    const batch = known.flatMap(({ identityId, username }) =>
      username === null || username === undefined
        ? []
        : platformUsernameDigests(this.keyRing, username).map((index) => ({ ...index, identityId })),
    );
    if (batch.length > 0) await tx.query(INSERT, LOOKUP_DIGEST.arraysOf(batch));
  }

  /** Deletes digests while the look-up is switched off. @returns how many rows were deleted */
  async deleteOff(tx: EntityManager, limit: number): Promise<number> {
    return (await rows(tx, DELETE_OFF, [limit])).length;
  }
}

/**
 * Returns equal text for usernames that a platform treats as the same. Only the case of ASCII letters is ignored: some
 * other characters, such as the Kelvin sign, would become ASCII letters.
 */
export function normalizePlatformUsername(username: string): string {
  return username.replace(/^@/, '').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Returns one digest for each index key of the ring, under keys of the field. */
export function platformUsernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return fieldBlindIndexes(keyRing, 'identities.username', normalizePlatformUsername(username));
}
