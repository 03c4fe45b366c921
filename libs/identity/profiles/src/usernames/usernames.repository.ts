import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, rows } from '@countersign/database';
import { openDataKey } from '@countersign/users';
import { usernameDigests } from '../fields/username';
import { openTexts } from '../store/profile-sealing';
import {
  COUNT_RESERVED,
  COUNT_RESERVED_BY_OTHERS,
  DELETE_OVER_HOLDS,
  FIND_CURRENT_USERNAME,
  FIND_USERNAME,
  GIVE_USERNAMES,
  HOLD_USERNAMES,
  MERGE_USERNAMES,
  ORPHAN_USERNAMES,
  TAKE_KNOWN_USERNAME,
  TAKE_NEW_USERNAME,
  USE_RESERVED,
} from '../store/profiles.sql';

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
