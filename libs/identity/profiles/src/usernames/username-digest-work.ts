import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { UsernamesRepository } from './usernames.repository';

/** Digests of usernames, by the ids of their users. */
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
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  protected async digest(tx: EntityManager, free: readonly { readonly id: string }[]): Promise<number> {
    let done = 0;
    for (const { id } of free) if (await this.attempt(id, () => this.takeAgain(tx, id))) done += 1;
    return done;
  }

  private async takeAgain(tx: EntityManager, userId: string): Promise<boolean> {
    const username = await this.usernames.currentOf(tx, userId);
    return username !== null && (await this.usernames.take(tx, userId, username));
  }
}
