import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Chains } from '@countersign/chains';
import { Configuration } from '@countersign/config';
import { Readiness } from '@countersign/jobs';
import { SideTasks, type SideTask } from '@countersign/observability';
import { BackFiller } from '../back-fill/back-filler';
import { ChainFollower } from './chain-follower';
import { ScanDeps } from './scan-deps';

/** How long the end of the process waits for a round. */
const DRAIN_MS = 3_000;

/** Follows the configured EVM chains in this process, each on one replica at a time, and searches their earlier blocks there. */
@Injectable()
export class ChainFollowers implements OnModuleInit, BeforeApplicationShutdown {
  readonly all: readonly ChainFollower[];
  /** Of the chains whose earlier blocks are searched. */
  readonly backFillers: readonly BackFiller[];
  private readonly loops: readonly SideTask[];

  constructor(
    chains: Chains,
    private readonly deps: ScanDeps,
    private readonly configuration: Configuration,
    tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.all = chains
      .list()
      .filter(({ kind, follow }) => kind === 'evm' && follow)
      .map((chain) => new ChainFollower(chain, deps));
    this.backFillers = this.all
      .filter(({ chain }) => chain.mayNameAddresses && chain.backfillBlocks > 0)
      .map((follower) => new BackFiller(follower, deps));
    const loopOf = (name: string, { round }: { round: () => Promise<number> }): SideTask =>
      tasks.loop(name, round, readiness);
    this.loops = [
      ...this.all.map((each) => loopOf(`follower of ${each.chain.id}`, { round: () => each.round() })),
      ...this.backFillers.map((each) =>
        loopOf(`earlier blocks of ${each.chain.id}`, { round: () => each.round() }),
      ),
    ];
  }

  onModuleInit(): void {
    const { metrics, database, backFills } = this.deps;
    metrics.gaugeBy(
      'countersign_chain_unfilled_wallets',
      'Wallets of a chain whose earlier blocks are not searched to the end.',
      'chain',
      async () => {
        const chainIds = this.backFillers.map(({ chain }) => chain.id);
        if (chainIds.length === 0) return {};
        const counts = await database.read((manager) => backFills.counts(manager, chainIds));
        return Object.fromEntries(chainIds.map((id) => [id, counts[id] ?? 0]));
      },
    );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Before the connections to the database are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const each of [...this.all, ...this.backFillers]) each.stop();
    const stopped = Promise.all(this.loops.map((loop) => loop.stop())).then(() =>
      Promise.all(this.all.map((follower) => follower.release())),
    );
    const drained = stopped.catch((error: unknown) => {
      this.deps.logger.warn({ err: error }, 'the lease of a chain was not given back');
    });
    await Promise.race([drained, sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false })]);
  }
}
