import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdentityMoving } from '../moves/identity-moving';
import type { MergeSide } from '../moves/user-merging';
import { UserMovesRepository } from '../moves/user-moves.repository';
import type { MergeRecord, AccountDataJournal, Returned, ReturnPair } from './account-data';
import { UsersJournalRepository, type UserState } from './users-journal.repository';

/** What merges change of accounts themselves: identities, former ids and visits. */
@Injectable()
export class UsersJournal implements AccountDataJournal<UserState> {
  readonly name = 'users';

  constructor(
    private readonly rows: UsersJournalRepository,
    private readonly moves: UserMovesRepository,
    private readonly identities: IdentityMoving,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<UserState> {
    return this.rows.recall(tx, userId);
  }

  async giveBack(
    tx: EntityManager,
    { survivor, returning, identityIds }: ReturnPair,
    record: MergeRecord<UserState>,
  ): Promise<Returned> {
    for (const identity of await this.moves.lockIdentities(tx, survivor.userId))
      if (identityIds.includes(identity.id))
        await this.identities.move(tx, identity, { from: survivor.dataKey, to: returning });
    await this.rows.restoreAttachments(tx, returning.userId, record.loser.attachments);
    const ids = { survivorId: survivor.userId, returningId: returning.userId };
    await this.rows.restore(tx, ids, record);
    return {};
  }
}
