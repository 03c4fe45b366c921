import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { Clock, Configuration } from '@countersign/runtime';
import { WebhookClient } from '@countersign/webhook-sender';
import { WebhookDeliveries } from './admin/webhook-deliveries';
import { WebhookEndpoints } from './admin/webhook-endpoints';
import { WebhookDeliveriesController, WebhooksController } from './admin/webhooks.controller';
import { DeliveryAttempts } from './delivery/delivery-attempts';
import { DeliveryRepository, PER_ENDPOINT } from './delivery/delivery.repository';
import { DeliveryWorker, SigningKeys } from './delivery/delivery-worker';
import { WebhookGauges } from './delivery/webhook-gauges';
import { WebhookSubscriptions } from './delivery/webhook-subscriptions';
import { EndpointSwitch } from './endpoint-switch';
import { WebhookDeliveryEntity, WebhookEndpointEntity, WebhookSecretEntity } from './webhook.entity';
import { webhookEvents, webhookScopes } from './webhooks.feature';

/** Several endpoints may belong to one receiver. */
const CONNECTIONS_PER_ORIGIN = 2 * PER_ENDPOINT;

@Module({
  imports: [
    TypeOrmModule.forFeature([WebhookDeliveryEntity, WebhookEndpointEntity, WebhookSecretEntity]),
    ApplicationsModule,
  ],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    DeliveryAttempts,
    DeliveryRepository,
    DeliveryWorker,
    EndpointSwitch,
    SigningKeys,
    {
      provide: WebhookClient,
      inject: [Clock, Configuration],
      useFactory: (clock: Clock, { webhookAllowedTargets: allowed }: Configuration) =>
        new WebhookClient({
          clock,
          allowed,
          limits: { connectionsPerOrigin: CONNECTIONS_PER_ORIGIN },
        }),
    },
    WebhookDeliveries,
    WebhookEndpoints,
    WebhookGauges,
    WebhookSubscriptions,
  ],
  exports: [DeliveryWorker, WebhookDeliveries, WebhookEndpoints],
})
export class WebhooksModule {
  static readonly defines = { events: webhookEvents, scopes: webhookScopes };
}
