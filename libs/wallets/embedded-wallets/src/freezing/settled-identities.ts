import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RecentMerges } from '@countersign/account';
import { walletError } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

/**
 * A person who merges an account with another person's one, or links an identity to it, cannot use its wallets as long as that can be
 * separated.
 */
@Injectable()
export class SettledIdentities {
  constructor(
    private readonly merges: RecentMerges,
    private readonly embedded: EmbeddedWalletsRepository,
  ) {}

  /** The caller has locked the user. @throws AppError wallet.came_by_merge for an identity that can be separated */
  async assertSettled(tx: EntityManager, caller: Principal): Promise<void> {
    const arrival = await this.merges.arrivalOf(tx, caller);
    if (arrival)
      throw embeddedWalletError('wallet.came_by_merge', {
        detail: `The identity of the session came by a merge or a link: it uses wallets from ${arrival.separableUntil.toISOString()} on.`,
      });
  }

  /**
   * The caller has locked the user.
   * @throws AppError wallet.not_found for an identity of a test environment and a wallet of production, and as `assertSettled`
   */
  async assertMayUse(tx: EntityManager, caller: Principal, walletId: string): Promise<void> {
    if (await this.embedded.isBarred(tx, walletId, caller)) throw walletError('wallet.not_found');
    await this.assertSettled(tx, caller);
  }
}
