import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The channel for changes of which addresses are followed. A message is the id of a wallet. */
export const WALLETS_CHANNEL = 'countersign_wallets_changed';

@Injectable()
export class WalletChannel {
  /** PostgreSQL delivers it when the transaction commits, and a repeated one once. */
  async announce(tx: EntityManager, walletId: string): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [WALLETS_CHANNEL, walletId]);
  }
}
