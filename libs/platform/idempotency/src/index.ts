export { IdempotencyModule } from './idempotency.module';
export { TakesIdempotencyKey } from './takes-idempotency-key';
