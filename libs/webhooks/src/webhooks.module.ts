import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@countersign/admin';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { EndpointSwitch } from './endpoint-switch';
import { WebhookAttemptEntity } from './webhook-attempt.entity';
import { WebhookDeliveryEntity } from './webhook-delivery.entity';
import { WebhookEndpointEntity } from './webhook-endpoint.entity';
import { WebhookSecretEntity } from './webhook-secret.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      WebhookAttemptEntity,
      WebhookDeliveryEntity,
      WebhookEndpointEntity,
      WebhookSecretEntity,
    ]),
    AdminModule,
    AuditModule,
    EventsModule,
  ],
  providers: [EndpointSwitch],
})
export class WebhooksModule {}
