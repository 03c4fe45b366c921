import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EvmNodes } from '@countersign/chains';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { PollingLoop, Readiness } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { WalletAddresses, WalletKeys } from '@countersign/linked-wallets';
import { ChainFollowers } from '../follower/chain-followers';
import { KnownTokenNames } from '../names/known-tokens';
import { BackFillsRepository } from '../store/back-fills.repository';
import { HistoryRepository } from '../store/history.repository';
import { PositionsRepository } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { ChainBackFiller } from './chain-back-filler';

/** How long the end of the process waits for a round. */
const DRAIN_MS = 3_000;

/** Searches the earlier blocks of the followed chains, each on the replica that follows it. */
@Injectable()
export class BackFillers implements OnModuleInit, BeforeApplicationShutdown {
  readonly all: readonly ChainBackFiller[];
  private readonly loops: readonly PollingLoop[];

  constructor(
    followers: ChainFollowers,
    nodes: EvmNodes,
    positions: PositionsRepository,
    walletChains: WalletChainsRepository,
    history: HistoryRepository,
    walletKeys: WalletKeys,
    addresses: WalletAddresses,
    tokenNames: KnownTokenNames,
    logger: Logger,
    private readonly backFills: BackFillsRepository,
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly configuration: Configuration,
    readiness: Readiness,
  ) {
    const count = metrics.counter(
      'countersign_chain_back_fill_faults_total',
      'Searches of earlier blocks of a chain that failed: by what a node was, or internal.',
      'chain',
      'kind',
    );
    const stores = { positions, walletChains, history, backFills, walletKeys, addresses, tokenNames };
    const deps = { ...stores, nodes, database, logger };
    this.all = followers.all
      .filter(({ chain }) => chain.mayNameAddresses && chain.backfillBlocks > 0)
      .map(
        (follower) =>
          new ChainBackFiller(follower, {
            ...deps,
            onFault: ({ id }, kind) => {
              count({ chain: id, kind });
            },
          }),
      );
    this.loops = this.all.map(
      (filler) =>
        new PollingLoop(`earlier blocks of ${filler.chain.id}`, () => filler.round(), logger, readiness),
    );
  }

  onModuleInit(): void {
    this.metrics.gaugeBy(
      'countersign_chain_unfilled_wallets',
      'Wallets of a chain whose earlier blocks are not searched to the end.',
      'chain',
      async () => {
        const chainIds = this.all.map(({ chain }) => chain.id);
        const counts =
          chainIds.length === 0
            ? {}
            : await this.database.read((manager) => this.backFills.counts(manager, chainIds));
        return Object.fromEntries(chainIds.map((id) => [id, counts[id] ?? 0]));
      },
    );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Before the connections to the database are closed. What is not stored is searched again. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const filler of this.all) filler.stop();
    const stopped = Promise.all(this.loops.map((loop) => loop.stop()));
    await Promise.race([stopped, sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false })]);
  }
}
