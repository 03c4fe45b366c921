import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { WalletDestructionEntity } from '../store/embedded-wallet.entity';
import { WalletFreezing } from './wallet-freezing';

/** The brake, and keys that wait for their destruction, at each scrape. */
@Injectable()
export class WalletGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly freezing: WalletFreezing,
    private readonly clock: Clock,
  ) {}

  /** Registered after the gauges of the pool, so that a scrape reads these before it sends the statements below. */
  onModuleInit(): void {
    const { metrics } = this;
    metrics.gauge(
      'countersign_wallet_brake_on',
      'Whether the brake of custody is on; absent while custody does not answer.',
      async () => Number((await this.freezing.brake()) !== null),
    );
    metrics.gauge(
      'countersign_wallet_destruction_lag_seconds',
      'For how long the first key of a wallet that is gone waits for its destruction, 0 without one; absent without a database.',
      () => this.lagSeconds(),
    );
  }

  private async lagSeconds(): Promise<number> {
    const [first] = await this.database.read((manager) =>
      manager.find(WalletDestructionEntity, { order: { requestedAt: 'ASC' }, take: 1 }),
    );
    return first ? (this.clock.now().getTime() - first.requestedAt.getTime()) / SECOND : 0;
  }
}
