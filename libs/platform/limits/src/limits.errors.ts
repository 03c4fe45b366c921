import { defineErrors } from '@countersign/errors';

export const limitsError = defineErrors({
  'request.rate_limited': {
    kind: 'rate-limited',
    title: 'Too many requests',
    remedy: 'Ask again after the seconds in `Retry-After`.',
  },
});
