import { TakesIdempotencyKey } from '@countersign/idempotency';
import { principalOf } from './authenticated';

/**
 * For an `@Authenticated()` POST that creates something that no field of its body identifies: with an `Idempotency-Key` a
 * repeated request of the same person through the same application creates nothing more, also in another session.
 * Its answers are stored for 24 hours under the key ring, also when the account is erased meanwhile: without personal fields only.
 */
export function CreatesOnce(): MethodDecorator {
  return TakesIdempotencyKey((request) => {
    const { userId, applicationId } = principalOf(request);
    return ['user', userId, applicationId];
  });
}
