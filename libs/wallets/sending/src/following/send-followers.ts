import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Chains } from '@countersign/chains';
import { Readiness, RunsWhenReady } from '@countersign/jobs';
import { SideTasks, type SideTask } from '@countersign/observability';
import { ChainSends } from './chain-sends';
import { FollowingDeps } from './following-deps';

/** How long the end of the process waits for a round. */
const DRAIN_MS = 3_000;

/** Looks after the sends of all chains in this process, each chain on one replica at a time. */
@Injectable()
@RunsWhenReady()
export class SendFollowers implements BeforeApplicationShutdown {
  readonly all: readonly ChainSends[];
  private readonly loops: readonly SideTask[];

  constructor(
    chains: Chains,
    private readonly deps: FollowingDeps,
    tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.all = chains
      .list()
      .filter(({ sending }) => sending !== null)
      .map((chain) => new ChainSends(chain, deps));
    this.loops = this.all.map((each) =>
      tasks.loop(`sends on ${each.chain.id}`, () => each.round(), readiness),
    );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Before the connections to the database are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.loops.length === 0) return;
    const stopped = Promise.all(this.loops.map((loop) => loop.stop())).then(() =>
      Promise.all(this.all.map((each) => each.release())),
    );
    const drained = stopped.catch((error: unknown) => {
      this.deps.logger.warn({ err: error }, 'the lease of sends was not given back');
    });
    await Promise.race([drained, sleep(DRAIN_MS * this.deps.patience, undefined, { ref: false })]);
  }
}
