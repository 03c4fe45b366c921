import { Injectable } from '@nestjs/common';
import { Any, LessThan, type EntityManager } from 'typeorm';
import { HOUR } from '@countersign/clock';
import { BatchedDeletions, Database, insertIfNew } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { xellarError } from '../xellar.errors';
import { UsedTokenEntity } from './used-token.entity';

const BATCH = 1_000;

type Once = Pick<UsedTokenEntity, 'tokenId' | 'expiresAt'>;

/** Which wallet tokens were used. */
@Injectable()
export class UsedTokens {
  constructor(private readonly database: Database) {}

  /** Waits for a simultaneous use to commit. @throws AppError xellar.token_used */
  async use(tx: EntityManager, { tokenId, expiresAt }: Once): Promise<void> {
    if (!(await insertIfNew(tx, UsedTokenEntity, { tokenId, expiresAt }, 'token_id')))
      throw xellarError('xellar.token_used');
  }

  /** Before a call that uses it later. @throws AppError xellar.token_used */
  async assertUnused({ tokenId }: Once): Promise<void> {
    const isUsed = await this.database.read((manager) => manager.existsBy(UsedTokenEntity, { tokenId }));
    if (isUsed) throw xellarError('xellar.token_used');
  }

  /** For a call that changes nothing else. @throws AppError xellar.token_used */
  async useAlone(token: Once): Promise<void> {
    await this.database.transaction((tx) => this.use(tx, token));
  }
}

/** Deletes used wallet tokens, an hour after they expired. */
@Injectable()
@Recurring({
  name: 'xellar-token-upkeep',
  cron: '47 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: { 'used wallet tokens of Xellar’s clients': 'an hour after they expired' },
  },
})
export class UsedTokenUpkeep {
  constructor(private readonly deletions: BatchedDeletions) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, async (tx, now) => {
      const before = new Date(now.getTime() - HOUR);
      const where = { expiresAt: LessThan(before) };
      const over = await tx.find(UsedTokenEntity, { select: { tokenId: true }, where, take: BATCH });
      await tx.delete(UsedTokenEntity, { tokenId: Any(over.map(({ tokenId }) => tokenId)) });
      return over.length;
    });
  }
}
