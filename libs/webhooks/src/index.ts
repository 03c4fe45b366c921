export { DeliveryWorker } from './delivery/delivery-worker';
export { deliveryStatements } from './delivery/delivery.repository';
export { FanOut, type FanOutStep } from './delivery/fan-out';
export { WebhooksModule } from './webhooks.module';
