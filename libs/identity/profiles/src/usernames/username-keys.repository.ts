import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { Digested, FormerKey, Step } from '@countersign/keys';
import {
  COUNT_HELD_BY,
  COUNT_LACKING_USERNAMES,
  DELETE_UNDER_KEY,
  LOCK_FREE_USERS,
  LOOK_AT_USERNAMES,
} from '../store/profiles.sql';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Usernames by the index keys that they have digests under, for all people at once. */
@Injectable()
export class UsernameKeysRepository {
  async countLacking(manager: EntityManager, keyId: string): Promise<number> {
    return (await firstRow<{ count: number }>(manager, COUNT_LACKING_USERNAMES, [keyId]))?.count ?? 0;
  }

  async lookAt(manager: EntityManager, keyId: string, { after, limit }: Step): Promise<readonly Digested[]> {
    return rows(manager, LOOK_AT_USERNAMES, [keyId, after === '' ? BEFORE_ALL : after, limit]);
  }

  /** @returns those whose lock was free */
  async lockFree(tx: EntityManager, userIds: readonly string[]): Promise<readonly string[]> {
    return (await rows<{ id: string }>(tx, LOCK_FREE_USERS, [userIds])).map(({ id }) => id);
  }

  async delete(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return (await rows(tx, DELETE_UNDER_KEY, [keyId, limit])).length;
  }

  /** How many names are held by a former key alone. */
  async countHeldBy(
    manager: EntityManager,
    { keyId, activeId }: Pick<FormerKey, 'keyId' | 'activeId'>,
    now: Date,
  ): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, COUNT_HELD_BY, [keyId, activeId, now]);
    return found?.count ?? 0;
  }
}
