import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import type { ForeignToken } from '@countersign/embedded-wallets';
import { OneTimeTokens } from '@countersign/one-time-tokens';
import { xellarError } from '../xellar.errors';
import type { XellarToken } from './xellar-tokens';

type Once = Pick<XellarToken, 'tokenId' | 'expiresAt'>;

/** Which wallet tokens were used. */
@Injectable()
export class UsedTokens {
  constructor(
    private readonly database: Database,
    private readonly tokens: OneTimeTokens,
  ) {}

  /** Waits for a simultaneous use to commit. @throws AppError xellar.token_used */
  async use(tx: EntityManager, token: Once): Promise<void> {
    if (!(await this.tokens.consumeForeign(tx, storedAs(token)))) throw xellarError('xellar.token_used');
  }

  /** As acts of embedded wallets take it: it is used up in the transaction that records the act. */
  foreign({ tokenId: id, expiresAt }: Once): ForeignToken {
    return { id, expiresAt, consume: (tx) => this.use(tx, { tokenId: id, expiresAt }) };
  }

  /** Before a call that uses it later. @throws AppError xellar.token_used */
  async assertUnused(token: Once): Promise<void> {
    if (await this.tokens.isForeignUsed(storedAs(token))) throw xellarError('xellar.token_used');
  }

  /** For a call that changes nothing else. @throws AppError xellar.token_used */
  async useAlone(token: Once): Promise<void> {
    await this.database.transaction((tx) => this.use(tx, token));
  }
}

function storedAs({ tokenId: id, expiresAt }: Once): Parameters<OneTimeTokens['consumeForeign']>[1] {
  return { kind: 'xellar-wallet-token', id, expiresAt };
}
