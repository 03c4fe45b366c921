import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { SendsRepository, type OpenSends } from '../store/sends.repository';

/** Open sends by chain, at each scrape. */
@Injectable()
export class SendGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly sends: SendsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.ofOpen(
      'countersign_sends_open',
      'Sends that wait or are in no final block, by chain; absent without a database.',
      ({ count }) => count,
    );
    this.ofOpen(
      'countersign_send_waiting_seconds',
      'For how long the oldest send that no block has waits, by chain; absent without a database.',
      ({ waitingSince }) =>
        waitingSince ? (this.clock.now().getTime() - waitingSince.getTime()) / SECOND : 0,
    );
  }

  private ofOpen(name: `countersign_${string}`, help: string, read: (open: OpenSends) => number): void {
    this.metrics.gaugeBy(name, help, 'chain', async () => {
      const found = await this.database.read((manager) => this.sends.openByChain(manager));
      return Object.fromEntries(found.map((open) => [open.chainId, read(open)]));
    });
  }
}
