export { Idempotency, IDEMPOTENCY_HOURS } from './idempotency';
export { IdempotencyModule } from './idempotency.module';
export { TakesIdempotencyKey, type CallerOf } from './takes-idempotency-key';
