import { defineErrors } from '@countersign/errors';

export const refusalError = defineErrors({
  'refused_request.not_found': {
    kind: 'not-found',
    title: 'No refused request with this id is known',
    remedy: 'Those of the last 3 days are kept, of many that are alike only the first ones.',
  },
});
