import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, Metrics } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { DeliveryRepository } from './delivery.repository';

const NO_ENDPOINTS = { active: 0, disabled_operator: 0, disabled_gone: 0, disabled_failing: 0 };

@Injectable()
export class WebhookGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly clock: Clock,
  ) {}

  /** Registers after the pool's gauges, so that a scrape reads the pool before these statements use it. */
  onModuleInit(): void {
    const { database, metrics } = this;
    metrics.gaugeBy(
      'countersign_webhook_endpoints',
      'Webhook endpoints: active, and disabled by an operator, by 410 or by failures.',
      'state',
      async () => ({
        ...NO_ENDPOINTS,
        ...(await database.read((manager) => this.deliveries.states(manager))),
      }),
    );
    metrics.gauge(
      'countersign_webhook_delivery_lag_seconds',
      'For how long the oldest due delivery has waited, without disabled endpoints; absent without a database.',
      () => database.read((manager) => this.deliveries.lagSeconds(manager, this.clock.now())),
    );
  }
}
