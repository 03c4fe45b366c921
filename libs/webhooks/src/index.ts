export { DeliveryWorker } from './delivery/delivery-worker';
export { FanOut, type FanOutStep } from './delivery/fan-out';
export { WebhooksModule } from './webhooks.module';
