import { defineErrors } from '@countersign/errors';

export const chainError = defineErrors({
  'chain.not_found': { kind: 'not-found', title: 'No such chain is configured' },
});
