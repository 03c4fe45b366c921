import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import type { FormerKey } from '@countersign/keys';
import { COUNT_RESERVED_BY } from '../store/profiles.sql';

/** Usernames that were given up, by their index keys, for all people at once. */
@Injectable()
export class UsernameKeysRepository {
  /** How many names have digests of a former key alone. */
  async countReservedBy(
    manager: EntityManager,
    { keyId, activeId }: Pick<FormerKey, 'keyId' | 'activeId'>,
    now: Date,
  ): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, COUNT_RESERVED_BY, [keyId, activeId, now]);
    return found?.count ?? 0;
  }
}
