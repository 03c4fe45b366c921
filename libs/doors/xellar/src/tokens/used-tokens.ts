import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, insertIfNew } from '@countersign/database';
import { xellarError } from '../xellar.errors';
import { UsedTokenEntity } from './used-token.entity';

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
