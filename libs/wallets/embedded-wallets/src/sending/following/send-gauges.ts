import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, Metrics, SECOND } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { SendsRepository } from '../store/sends.repository';

@Injectable()
export class SendGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly sends: SendsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.metrics.gaugeBy(
      'countersign_send_waiting_seconds',
      'For how long the oldest open send that no block has waits, by chain; absent without a database.',
      'chain',
      async () => {
        const now = this.clock.now().getTime();
        const open = await this.database.read((manager) => this.sends.openByChain(manager));
        return Object.fromEntries(
          open.map(({ chainId, waitingSince }) => [
            chainId,
            waitingSince ? (now - waitingSince.getTime()) / SECOND : 0,
          ]),
        );
      },
    );
  }
}
