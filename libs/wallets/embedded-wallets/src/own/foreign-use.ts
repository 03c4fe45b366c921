import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { Clock, Logger } from '@countersign/runtime';
import { WalletEntity } from '@countersign/linked-wallets';
import { AccountEvents } from '@countersign/users';
import { EmbeddedWalletEntity } from '../store/embedded-wallet.entity';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

/** Notes that another program uses an embedded wallet's key: its words were exported or stolen. */
@Injectable()
export class ForeignUse {
  constructor(
    private readonly events: AccountEvents,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Idempotent. */
  async note(tx: EntityManager, walletId: string): Promise<void> {
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
    if (!wallet) return;
    const { userId } = wallet;
    const known = { walletId, usedElsewhereAt: IsNull() };
    const noted = await tx.update(EmbeddedWalletEntity, known, { usedElsewhereAt: this.clock.now() });
    if (noted.affected !== 1) return;
    await this.events.add(tx, embeddedWalletEvents.usedElsewhere, userId, { userId, walletId });
    this.logger.warn({ walletId }, 'an embedded wallet is used elsewhere');
  }
}
