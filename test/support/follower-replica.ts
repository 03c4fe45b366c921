import type { BeforeApplicationShutdown, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants';
import { Test, type TestingModule } from '@nestjs/testing';
import { ChainsModule, EvmNodes } from '@countersign/chains';
import { ConfigModule, Configuration } from '@countersign/config';
import { Logger, Metrics, ObservabilityModule } from '@countersign/observability';
import { ChainFollowers, TokenNameAsker, WalletHistoryModule } from '@countersign/wallet-history';
import { FollowedWallets, type WalletsListener } from '@countersign/linked-wallets';
import type { TestApp } from './test-app';

/**
 * What follows the chains in another replica, without the rest of it. The leases, the blocks and addresses in memory, the
 * metrics, and what is known of nodes are its own; the clock and the connections to the database are the application's.
 * It costs 8 ms of CPU time, and `TestApp.startReplica` 200.
 */
export class FollowerReplica {
  private constructor(
    readonly nest: TestingModule,
    private readonly notices: WalletNotices,
  ) {}

  static async start(app: TestApp): Promise<FollowerReplica> {
    const notices = new WalletNotices(app.nest.get(FollowedWallets, { strict: false }));
    const nest = await Test.createTestingModule({
      imports: [
        ConfigModule.of(app.nest.get(Configuration)),
        ObservabilityModule.of(app.nest.get(Logger)),
        ChainsModule,
      ],
      providers: [
        ...(Reflect.getMetadata(MODULE_METADATA.PROVIDERS, WalletHistoryModule) as Type[]),
        { provide: FollowedWallets, useValue: notices.wallets },
      ],
    })
      .useMocker((token) => app.nest.get<object>(token ?? '', { strict: false }))
      .compile();
    return new FollowerReplica(nest, notices);
  }

  metrics(): Promise<string> {
    return this.nest.get(Metrics, { strict: false }).expose();
  }

  /** Calls the hooks of its own providers: `nest.close()` would call those of the application's too. */
  async close(): Promise<void> {
    this.notices.stop();
    const own: Type<BeforeApplicationShutdown>[] = [TokenNameAsker, ChainFollowers];
    for (const provider of own) await this.nest.get(provider).beforeApplicationShutdown();
    await this.nest.get(EvmNodes, { strict: false }).onApplicationShutdown();
  }
}

/** The followed wallets of the application. Their listeners hear of changes until the replica is closed. */
class WalletNotices {
  readonly wallets: FollowedWallets;
  private readonly listeners = new Set<WalletsListener>();

  constructor(followed: FollowedWallets) {
    followed.listen({
      onChanged: (walletId) => {
        for (const listener of this.listeners) listener.onChanged(walletId);
      },
      onGap: () => {
        for (const listener of this.listeners) listener.onGap();
      },
    });
    const listen = (listener: WalletsListener): unknown => this.listeners.add(listener);
    this.wallets = Object.create(followed, { listen: { value: listen } }) as FollowedWallets;
  }

  stop(): void {
    this.listeners.clear();
  }
}

/** Followers of another replica, which end after the work, also when that fails. */
export async function withFollowers<T>(
  app: TestApp,
  work: (replica: FollowerReplica) => Promise<T>,
): Promise<T> {
  const replica = await FollowerReplica.start(app);
  try {
    return await work(replica);
  } finally {
    await replica.close();
  }
}
