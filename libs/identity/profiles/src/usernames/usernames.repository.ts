import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, rows } from '@countersign/database';
import { openDataKey } from '@countersign/users';
import { usernameDigests } from '../fields/username';
import { openTexts } from '../store/profile-sealing';

/**
 * Takes a name for the user `$1` that is in no row. Waits for others who take it at the same time, and locks
 * no row that is theirs. In the order of the keys, so that they do not deadlock. With the batch of the digests.
 */
const TAKE_NEW_USERNAME = `
  INSERT INTO username_digests (${BLIND_INDEX.names}, user_id)
  SELECT new.*, $1::uuid FROM (${BLIND_INDEX.unnest(2)}) AS new ORDER BY key_id, digest
  ON CONFLICT (key_id, digest) DO NOTHING
  RETURNING 1`;

/** Takes one's own name, or one whose hold is over at `$2`. With the batch of the digests. */
const TAKE_KNOWN_USERNAME = `
  UPDATE username_digests SET user_id = $1, held_until = NULL
  WHERE (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)}) AND (user_id = $1 OR held_until <= $2::timestamptz)
  RETURNING 1`;

/** Holds until `$2` all names of the user `$1` that are in use, except those in the batch of digests. */
const HOLD_USERNAMES = `
  UPDATE username_digests SET held_until = $2::timestamptz
  WHERE user_id = $1 AND held_until IS NULL AND (${BLIND_INDEX.names}) NOT IN (${BLIND_INDEX.unnest(3)})`;

/** How many names the user `$1` gave up that are reserved at `$2`. By one key: each name has a digest for each. */
const COUNT_RESERVED = `
  SELECT coalesce(max(names), 0)::int AS count FROM (
    SELECT count(*) AS names FROM username_digests WHERE user_id = $1 AND held_until > $2::timestamptz GROUP BY key_id
  ) AS of_keys`;

/** The holder of a name at `$1`, of reserved names too. With the batch of the digests. */
const FIND_USERNAME = `
  SELECT found.* FROM (${BLIND_INDEX.unnest(2)}) AS wanted CROSS JOIN LATERAL (
    SELECT d.user_id AS "userId", d.held_until IS NOT NULL AS "isReserved" FROM username_digests d
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
      AND (d.held_until IS NULL OR d.held_until > $1::timestamptz)
    OFFSET 0
  ) AS found
  LIMIT 1`;

/** The loser's (`$1`) names become the survivor's (`$2`), reserved until `$3`. */
const MERGE_USERNAMES = `
  UPDATE username_digests SET user_id = $2, held_until = COALESCE(held_until, $3::timestamptz) WHERE user_id = $1`;

/** A reserved name of the user `$1` is in use again. With the batch of the digests. */
const USE_RESERVED = `
  UPDATE username_digests SET held_until = NULL WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(2)})`;

/** Keeps the names of the user `$1` from others until `$2`, by the digest alone. */
const ORPHAN_USERNAMES = `
  UPDATE username_digests SET user_id = NULL, held_until = COALESCE(held_until, $2::timestamptz) WHERE user_id = $1`;

/** The names in the batch of digests that the user `$1` has become those of `$2`, in use. */
const GIVE_USERNAMES = `
  UPDATE username_digests SET user_id = $2, held_until = NULL
  WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)})`;

const FIND_CURRENT_USERNAME = `
  SELECT u.data_key AS "dataKey", p.content FROM profiles p JOIN users u ON u.id = p.user_id WHERE p.user_id = $1`;

/**
 * How many names are reserved at `$2` without a digest under the key `$1`. All digests of a name have one holder and one end;
 * the name itself is not stored.
 */
const COUNT_RESERVED_BY_OTHERS = `
  SELECT coalesce(sum(most - current), 0)::int AS count FROM (
    SELECT max(count) AS most, coalesce(max(count) FILTER (WHERE key_id = $1), 0) AS current FROM (
      SELECT user_id, held_until, key_id, count(*) FROM username_digests
      WHERE held_until > $2::timestamptz GROUP BY user_id, held_until, key_id
    ) AS of_keys GROUP BY user_id, held_until
  ) AS reserved`;

const DELETE_OVER_HOLDS = `
  DELETE FROM username_digests WHERE (${BLIND_INDEX.names}) IN (
    SELECT ${BLIND_INDEX.names} FROM username_digests WHERE held_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Whose a name is, in use or reserved. */
interface UsernameHolder {
  /** `null` after the erasure of the person. */
  readonly userId: string | null;
  readonly isReserved: boolean;
}

/** Usernames by digest, under all index keys of the ring. */
@Injectable()
export class UsernamesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Takes a name for a user, whose lock the caller holds. @returns false when it is another's */
  async take(tx: EntityManager, userId: string, username: string, now: Date): Promise<boolean> {
    const digests = usernameDigests(this.keyRing, username);
    const batch = BLIND_INDEX.arraysOf(digests);
    const fresh = await rows(tx, TAKE_NEW_USERNAME, [userId, ...batch]);
    if (fresh.length === digests.length) return true;
    // Those just inserted are the user's own by now.
    const known = await rows(tx, TAKE_KNOWN_USERNAME, [userId, now, ...batch]);
    return known.length === digests.length;
  }

  /** Holds the names of a user until `until`, except the one in use. */
  async holdOthers(tx: EntityManager, userId: string, username: string | null, until: Date): Promise<void> {
    const digests = username === null ? [] : usernameDigests(this.keyRing, username);
    await tx.query(HOLD_USERNAMES, [userId, until, ...BLIND_INDEX.arraysOf(digests)]);
  }

  /** How many names a user gave up that are still reserved. */
  async countReserved(tx: EntityManager, userId: string, now: Date): Promise<number> {
    return (await firstRow<{ count: number }>(tx, COUNT_RESERVED, [userId, now]))?.count ?? 0;
  }

  /** How many reserved names, of all users, have no digest under a key. */
  async countReservedByOthers(manager: EntityManager, keyId: string, now: Date): Promise<number> {
    return (await firstRow<{ count: number }>(manager, COUNT_RESERVED_BY_OTHERS, [keyId, now]))?.count ?? 0;
  }

  async findHolder(manager: EntityManager, username: string, now: Date): Promise<UsernameHolder | null> {
    const digests = usernameDigests(this.keyRing, username);
    return firstRow(manager, FIND_USERNAME, [now, ...BLIND_INDEX.arraysOf(digests)]);
  }

  /** @param inUse the name that the survivor gets from the loser */
  async merge(
    tx: EntityManager,
    loserId: string,
    survivorId: string,
    { until, inUse }: { readonly until: Date; readonly inUse: string | null },
  ): Promise<void> {
    await tx.query(MERGE_USERNAMES, [loserId, survivorId, until]);
    const digests = inUse === null ? [] : usernameDigests(this.keyRing, inUse);
    if (digests.length > 0) await tx.query(USE_RESERVED, [survivorId, ...BLIND_INDEX.arraysOf(digests)]);
  }

  /** A name of one user becomes that of another, under all index keys. */
  async give(tx: EntityManager, fromId: string, toId: string, username: string): Promise<void> {
    const digests = usernameDigests(this.keyRing, username);
    await tx.query(GIVE_USERNAMES, [fromId, toId, ...BLIND_INDEX.arraysOf(digests)]);
  }

  /** Keeps the names of an erased person from others, without saying whose they were. */
  async orphan(tx: EntityManager, userId: string, until: Date): Promise<void> {
    await tx.query(ORPHAN_USERNAMES, [userId, until]);
  }

  /** @returns how many rows were deleted */
  async deleteOverHolds(tx: EntityManager, now: Date, limit: number): Promise<number> {
    return (await rows(tx, `${DELETE_OVER_HOLDS} RETURNING 1`, [now, limit])).length;
  }

  /** The name that a person uses now. */
  async currentOf(manager: EntityManager, userId: string): Promise<string | null> {
    const found = await firstRow<{ dataKey: Sealed; content: Sealed }>(manager, FIND_CURRENT_USERNAME, [
      userId,
    ]);
    return (
      found && openTexts(openDataKey(this.keyRing, userId, found.dataKey), userId, found.content).username
    );
  }
}
