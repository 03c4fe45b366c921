import './webhooks.feature';

export {
  ReadWebhookDeliveryResponse,
  ReplayWebhookDeliveriesRequest,
  WebhookDeliveriesFilter,
  WebhookDeliveryResponse,
} from './admin/dto/webhook-delivery.dto';
export { AddWebhookSecretRequest, IssuedWebhookSecretResponse } from './admin/dto/webhook-secret.dto';
export { ChangeWebhookRequest, CreateWebhookRequest, WebhookResponse } from './admin/dto/webhook.dto';
export type { ReplayedState } from './admin/webhook';
export { WebhookEndpoints } from './admin/webhook-endpoints';
export { WebhookEndpointUpkeep } from './admin/webhook-endpoint-upkeep';
export { WebhookLog } from './admin/webhook-log';
export { WebhookReplays } from './admin/webhook-replays';
export { WebhookSecrets } from './admin/webhook-secrets';
export { ALL_TYPES } from './subscribed-types';
export type { DeliveryState } from './webhook-delivery.entity';
export { DeliveryWorker } from './delivery/delivery-worker';
export { deliveryStatements } from './delivery/delivery.repository';
export { FanOut } from './delivery/fan-out';
export { FanOutRepository } from './delivery/fan-out.repository';
export { WebhooksModule } from './webhooks.module';
