import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, rows } from '@countersign/database';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { Logger } from '@countersign/runtime';
import { UsersService, type LockedUser } from '@countersign/users';
import { usernameDigests } from '../fields/username';
import { ProfilesRepository } from '../store/profiles.repository';

/**
 * Takes a name for the user `$1` unless a row has it. The statement waits for others that take it at the same time, and
 * locks no row of theirs. It inserts in the order of the keys to avoid deadlocks. `$2` on: the batch of digests.
 */
const TAKE = `
  INSERT INTO username_digests (${BLIND_INDEX.names}, user_id)
  SELECT new.*, $1::uuid FROM (${BLIND_INDEX.unnest(2)}) AS new ORDER BY key_id, digest
  ON CONFLICT (key_id, digest) DO NOTHING
  RETURNING 1`;
const FIND_OWN = `
  SELECT FROM username_digests WHERE (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(2)}) AND user_id = $1`;
const FREE_OTHERS = `
  DELETE FROM username_digests WHERE user_id = $1 AND (${BLIND_INDEX.names}) NOT IN (${BLIND_INDEX.unnest(2)})`;
const FIND_HOLDER = `
  SELECT found.* FROM (${BLIND_INDEX.unnest()}) AS wanted CROSS JOIN LATERAL (
    SELECT d.user_id AS "userId" FROM username_digests d
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    OFFSET 0
  ) AS found
  LIMIT 1`;
const GIVE = `
  UPDATE username_digests SET user_id = $2
  WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)})`;

@Injectable()
export class UsernamesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** @returns false if another person has the name */
  async take(tx: EntityManager, { userId }: LockedUser, username: string): Promise<boolean> {
    const digests = usernameDigests(this.keyRing, username);
    const values = [userId, ...BLIND_INDEX.arraysOf(digests)];
    const fresh = await rows(tx, TAKE, values);
    if (fresh.length === digests.length) return true;
    return (await rows(tx, FIND_OWN, values)).length === digests.length;
  }

  async freeOthers(tx: EntityManager, userId: string, username: string | null): Promise<void> {
    const digests = username === null ? [] : usernameDigests(this.keyRing, username);
    await tx.query(FREE_OTHERS, [userId, ...BLIND_INDEX.arraysOf(digests)]);
  }

  async findHolder(manager: EntityManager, username: string): Promise<string | null> {
    const digests = BLIND_INDEX.arraysOf(usernameDigests(this.keyRing, username));
    return (await firstRow<{ userId: string }>(manager, FIND_HOLDER, digests))?.userId ?? null;
  }

  async give(tx: EntityManager, fromId: string, toId: string, username: string): Promise<void> {
    const digests = usernameDigests(this.keyRing, username);
    await tx.query(GIVE, [fromId, toId, ...BLIND_INDEX.arraysOf(digests)]);
  }
}

@Injectable()
@BringsToActiveKey()
export class UsernameDigestWork extends DigestWork<{ readonly id: string }> {
  protected readonly table: DigestedTable = {
    values: 'profiles',
    primaryKey: 'user_id',
    digests: 'username_digests',
    owner: 'user_id',
    needs: 'EXISTS (SELECT FROM username_digests used WHERE used.user_id = r.user_id)',
    columns: 'r.user_id AS id',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'NO KEY UPDATE OF u',
  };

  constructor(
    private readonly usernames: UsernamesRepository,
    private readonly profiles: ProfilesRepository,
    private readonly users: UsersService,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  protected async digest(tx: EntityManager, free: readonly { readonly id: string }[]): Promise<number> {
    let done = 0;
    for (const { id } of free) {
      const isTaken = await this.attempt(id, async () => {
        const owner = await this.users.lock(tx, id);
        const { username } = (await this.profiles.findFields(tx, owner)).texts;
        return username !== null && this.usernames.take(tx, owner, username);
      });
      if (isTaken) done += 1;
    }
    return done;
  }
}
