import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { UsernamesRepository } from './usernames.repository';

/**
 * Digests of usernames in use, by the ids of their users. Of names that were given up digests are all that is left: they need
 * their key until the hold ends.
 */
@Injectable()
@BringsToActiveKey()
export class UsernameDigestWork extends DigestWork<{ readonly id: string }> {
  protected readonly table: DigestedTable = {
    values: 'profiles',
    primaryKey: 'user_id',
    digests: 'username_digests',
    owner: 'user_id',
    needs:
      'EXISTS (SELECT FROM username_digests used WHERE used.user_id = r.user_id AND used.held_until IS NULL)',
    counts: 'd.held_until IS NULL',
    columns: 'r.user_id AS id',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'NO KEY UPDATE OF u',
  };

  constructor(
    private readonly usernames: UsernamesRepository,
    keyRing: KeyRing,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  override async countBehind(manager: EntityManager, keyId: string): Promise<number> {
    const reserved = await this.usernames.countReservedByOthers(manager, keyId, this.clock.now());
    return reserved + (await super.countBehind(manager, keyId));
  }

  protected async digest(tx: EntityManager, free: readonly { readonly id: string }[]): Promise<number> {
    let done = 0;
    for (const { id } of free) if (await this.attempt(id, () => this.takeAgain(tx, id))) done += 1;
    return done;
  }

  private async takeAgain(tx: EntityManager, userId: string): Promise<boolean> {
    const username = await this.usernames.currentOf(tx, userId);
    return username !== null && (await this.usernames.take(tx, userId, username, this.clock.now()));
  }
}
