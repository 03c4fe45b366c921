import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Chains, type Chain } from '@countersign/chains';
import { Logger, SECOND, type SideTask, SideTasks } from '@countersign/runtime';
import { Readiness, RunsWhenReady } from '@countersign/database';
import { OpenSends } from './open-sends';
import { SendingLeases } from './sending-leases.repository';

const MIN_POLL_MS = SECOND;
const MAX_POLL_MS = 15 * SECOND;
const DRAIN_MS = 3_000;

/** Follows the sends of all chains in this process. Each chain is followed by one replica at a time. */
@Injectable()
@RunsWhenReady()
export class SendFollowers implements BeforeApplicationShutdown {
  private readonly followed: readonly Chain[];
  private readonly loops: readonly SideTask[];

  constructor(
    chains: Chains,
    private readonly open: OpenSends,
    private readonly leases: SendingLeases,
    private readonly logger: Logger,
    tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.followed = chains.list().filter(({ sending }) => sending !== null);
    this.loops = this.followed.map((chain) =>
      tasks.loop(`sends on ${chain.id}`, () => this.round(chain), readiness),
    );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  async look(): Promise<void> {
    for (const chain of this.followed) await this.round(chain);
  }

  /** @returns milliseconds until the next round */
  private async round(chain: Chain): Promise<number> {
    const due = await this.open.due(chain);
    if (due.length > 0 && (await this.leases.acquire(chain.id))) await this.open.look(chain, due);
    return Math.min(Math.max(chain.blockTimeMs, MIN_POLL_MS), MAX_POLL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.loops.length === 0) return;
    const stopped = Promise.all(this.loops.map((loop) => loop.stop())).then(() => this.leases.release());
    const drained = stopped.catch((error: unknown) => {
      this.logger.warn({ err: error }, 'the lease of sends was not given back');
    });
    await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })]);
  }
}
