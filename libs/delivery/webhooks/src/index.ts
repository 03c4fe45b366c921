import './webhooks.feature';

export { WebhookEndpoints } from './admin/webhook-endpoints';
export { WebhookEndpointUpkeep } from './admin/webhook-endpoint-upkeep';
export { WebhookReplays } from './admin/webhook-replays';
export { DeliveryWorker } from './delivery/delivery-worker';
export { deliveryStatements } from './delivery/delivery.repository';
export { FanOut } from './delivery/fan-out';
export { FanOutRepository } from './delivery/fan-out.repository';
export { WebhooksModule } from './webhooks.module';
