import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, MINUTE, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Chains } from '@countersign/chains';
import { Metrics } from '@countersign/observability';
import { PositionsRepository, type Position } from '../store/positions.repository';
import { walletHistoryError } from '../wallet-history.errors';
import { ChainFollowers } from './chain-followers';

/** A follower that has confirmed nothing for so long is reported. */
const LATE_MS = 5 * MINUTE;

/** How the followers of chains are, from the database: the same for all replicas. */
@Injectable()
export class FollowerStates implements OnModuleInit {
  constructor(
    private readonly chains: Chains,
    private readonly followers: ChainFollowers,
    private readonly positions: PositionsRepository,
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.metrics.gaugeBy(
      'countersign_chain_lag_blocks',
      'How many blocks of a chain its follower has not read, as far as a node reported.',
      'chain',
      () => this.numberOf(({ headNumber, tipNumber }) => Math.max(0, (headNumber ?? 0) - (tipNumber ?? 0))),
    );
    this.metrics.gaugeBy(
      'countersign_chain_unconfirmed_seconds',
      'For how long no node has agreed that the last block that is read is the head of the chain.',
      'chain',
      () =>
        this.numberOf(
          ({ confirmedAt, stateSince }) =>
            (this.clock.now().getTime() - (confirmedAt ?? stateSince).getTime()) / SECOND,
        ),
    );
    this.metrics.gaugeBy(
      'countersign_chain_not_final_blocks',
      'How many blocks of a chain are read and not final.',
      'chain',
      () => this.numberOf(({ tipNumber, finalNumber }) => (tipNumber ?? 0) - (finalNumber ?? 0)),
    );
    this.metrics.gaugeBy(
      'countersign_chain_stopped',
      'Whether the follower of a chain has stopped, since the chain contradicts a final block.',
      'chain',
      () => this.numberOf(({ state }) => (state === 'stopped' ? 1 : 0)),
    );
  }

  /** Whether a chain is followed. */
  get isOn(): boolean {
    return this.followers.all.length > 0;
  }

  /** What an operator should look at, or null. */
  async report(): Promise<string | null> {
    const now = this.clock.now().getTime();
    const positions = await this.all();
    const unread = this.followers.all.filter(
      ({ chain }) => !positions.some(({ chainId }) => chainId === chain.id),
    );
    const reported = positions.flatMap(({ chainId, state, fault, confirmedAt }) => {
      const isLate = confirmedAt !== null && now - confirmedAt.getTime() > LATE_MS;
      if (fault !== null) return [`${chainId} ${state} (${fault})`];
      return isLate ? [`${chainId} ${state}, late`] : [];
    });
    const all = [...reported, ...unread.map(({ chain }) => `${chain.id} not read: no follower has run`)];
    return all.length === 0 ? null : all.join(', ');
  }

  /** Of one chain. @throws AppError chain.not_found, chain.not_read */
  async get(chainId: string): Promise<Position> {
    const { id } = this.chains.get(chainId);
    const found = (await this.all()).find((position) => position.chainId === id);
    if (!found) throw walletHistoryError('chain.not_read');
    return found;
  }

  private async numberOf(read: (position: Position) => number): Promise<Readonly<Record<string, number>>> {
    return Object.fromEntries((await this.all()).map((position) => [position.chainId, read(position)]));
  }

  /** Of the chains that are followed. Others may have been. */
  private async all(): Promise<readonly Position[]> {
    if (!this.isOn) return [];
    const followed = new Set(this.followers.all.map(({ chain }) => chain.id));
    const positions = await this.database.read((manager) => this.positions.all(manager));
    return positions.filter(({ chainId }) => followed.has(chainId));
  }
}
