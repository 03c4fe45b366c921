import { defineErrors } from '@countersign/errors';
import type { Verdict } from './limit-rule';

const limitsError = defineErrors({
  'request.rate_limited': {
    kind: 'rate-limited',
    title: 'Too many requests',
    remedy: 'Ask again after the seconds in `Retry-After`.',
  },
});

/** @throws AppError request.rate_limited */
export function assertAllowed({ isAllowed, resetIn }: Verdict): void {
  if (!isAllowed) throw limitsError('request.rate_limited', { retryAfterSeconds: resetIn });
}
