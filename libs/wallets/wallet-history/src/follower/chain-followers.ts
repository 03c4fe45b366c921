import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Chains, EvmNodes } from '@countersign/chains';
import { Clock, SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, DatabaseClock } from '@countersign/database';
import { PollingLoop, Readiness } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { WalletKeys } from '@countersign/linked-wallets';
import { HistoryLimits } from '../history-limits';
import { KnownTokenNames } from '../names/known-tokens';
import { HistoryRepository } from '../store/history.repository';
import { PendingRepository } from '../store/pending.repository';
import { PositionsRepository } from '../store/positions.repository';

import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { MAX_AHEAD_MS } from './block-times';
import { ChainFollower } from './chain-follower';
import { FollowedAddresses } from './followed-addresses';
import { UnreadableWallets } from './unreadable-wallets';

/** After which another replica follows a chain whose follower is silent. */
const LEASE_MS = 30 * SECOND;
/** How long the end of the process waits for a round. */
const DRAIN_MS = 3_000;

/** Follows the configured EVM chains in this process, each on one replica at a time. */
@Injectable()
export class ChainFollowers implements BeforeApplicationShutdown {
  readonly all: readonly ChainFollower[];
  private readonly loops: readonly PollingLoop[];

  constructor(
    chains: Chains,
    nodes: EvmNodes,
    history: HistoryRepository,
    pending: PendingRepository,
    positions: PositionsRepository,
    walletChains: WalletChainsRepository,
    walletKeys: WalletKeys,
    tokenNames: KnownTokenNames,
    followed: FollowedAddresses,
    unreadable: UnreadableWallets,
    limits: HistoryLimits,
    metrics: Metrics,
    private readonly database: Database,
    private readonly clock: Clock,
    databaseClock: DatabaseClock,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    readiness: Readiness,
  ) {
    const count = metrics.counter(
      'countersign_chain_reorganisations_total',
      'Reorganisations that the follower of a chain went through.',
      'chain',
    );
    const countFault = metrics.counter(
      'countersign_chain_faults_total',
      'Rounds of the follower of a chain that failed, or made nothing final: by what nodes were, or internal.',
      'chain',
      'kind',
    );
    const countUnread = metrics.counter(
      'countersign_chain_unread_logs_total',
      'Logs that name a followed address as the transfer of a token would, and cannot be read.',
      'chain',
    );
    const leaseMs = LEASE_MS * configuration.patience;
    const stores = { history, pending, positions, walletChains, walletKeys, tokenNames };
    const maxAheadMs = MAX_AHEAD_MS * configuration.patience;
    const own = { unreadable, limits, leaseMs, maxAheadMs };
    const deps = { ...stores, ...own, nodes, followed, database, clock, databaseClock, logger };
    this.all = chains
      .list()
      .filter(({ kind, follow }) => kind === 'evm' && follow)
      .map(
        (chain) =>
          new ChainFollower(chain, {
            ...deps,
            onReorganised: ({ id }) => {
              count({ chain: id });
            },
            onUnread: ({ id }, unread) => {
              countUnread({ chain: id }, unread);
            },
            onFault: ({ id }, kind) => {
              countFault({ chain: id, kind });
            },
          }),
      );
    this.loops = this.all.map(
      (follower) =>
        new PollingLoop(`following ${follower.chain.id}`, () => follower.round(), logger, readiness),
    );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Before the connections to the database are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const follower of this.all) follower.stop();
    const stopped = Promise.all(this.loops.map((loop) => loop.stop())).then(() =>
      Promise.all(this.all.map((follower) => follower.release())),
    );
    const drained = stopped.catch((error: unknown) => {
      this.logger.warn({ err: error }, 'the lease of a chain was not given back');
    });
    await Promise.race([drained, sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false })]);
  }
}
