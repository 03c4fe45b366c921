import { TakesIdempotencyKey } from '@countersign/idempotency';
import { principalOf } from './admin-request';

/** For a POST that creates something: with an `Idempotency-Key` a repeated request of its principal creates nothing more. */
export function CreatesOnce(): MethodDecorator {
  return TakesIdempotencyKey((request) => [principalOf(request).principalId]);
}
