export { WebhookDeliveries } from './admin/webhook-deliveries';
export { WebhookEndpoints } from './admin/webhook-endpoints';
export { DeliveryWorker } from './delivery/delivery-worker';
export { WebhooksModule } from './webhooks.module';
