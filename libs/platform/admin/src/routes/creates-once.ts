import { TakesIdempotencyKey } from '@countersign/idempotency';
import { principalOf } from './admin-request';

/**
 * For a POST that creates something: with an `Idempotency-Key` a repeated request of its principal creates nothing more. A
 * token of other scopes is another caller: the answer can contain a secret that it may not have.
 */
export function CreatesOnce(): MethodDecorator {
  return TakesIdempotencyKey((request) => {
    const { principalId, scopes } = principalOf(request);
    return [principalId, scopes.toSorted().join(' ')];
  });
}
