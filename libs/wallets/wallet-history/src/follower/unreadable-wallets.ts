import { Injectable } from '@nestjs/common';
import { Logger, Metrics } from '@countersign/observability';
import type { OpenedWallet, OpenedWallets } from '@countersign/linked-wallets';
import { FollowedAddresses } from './followed-addresses';

/** Wallets whose keys did not open when something was to be stored about them. Each is logged once. */
@Injectable()
export class UnreadableWallets {
  private readonly byChain = new Map<string, Set<string>>();

  constructor(
    followed: FollowedAddresses,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    metrics.gaugeBy(
      'countersign_chain_unreadable_wallets',
      'Wallets that the follower of a chain in this process passes over, since their keys cannot be opened.',
      'chain',
      () =>
        Object.fromEntries(
          [...this.byChain].map(([chainId, ids]) => [
            chainId,
            [...ids].filter((id) => followed.has(id)).length,
          ]),
        ),
    );
  }

  /** @returns those that are open, and the ids of those that cannot be opened */
  sort(
    chainId: string,
    wallets: OpenedWallets,
  ): { readonly opened: ReadonlyMap<string, OpenedWallet>; readonly unreadable: readonly string[] } {
    const opened = new Map<string, OpenedWallet>();
    const unreadable: string[] = [];
    const known = this.byChain.get(chainId) ?? new Set();
    this.byChain.set(chainId, known);
    for (const [walletId, wallet] of wallets) {
      if (wallet) {
        opened.set(walletId, wallet);
        known.delete(walletId);
        continue;
      }
      unreadable.push(walletId);
      if (!known.has(walletId))
        this.logger.error({ chainId, walletId }, 'the key of a wallet cannot be opened');
      known.add(walletId);
    }
    return { opened, unreadable };
  }

  /** Another replica may have followed the chain meanwhile. */
  forget(chainId: string): void {
    this.byChain.delete(chainId);
  }
}
