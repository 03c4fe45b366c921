import { defineErrors } from '@countersign/errors';

export const chainError = defineErrors({
  'chain.unavailable': {
    kind: 'unavailable',
    title: 'The nodes of a chain do not answer',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
  'chain.not_found': { kind: 'not-found', title: 'No such chain is configured' },
});
