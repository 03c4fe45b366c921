import { defineErrors } from '@countersign/errors';

export const importError = defineErrors({
  'import.not_found': {
    kind: 'not-found',
    title: 'No such import',
    remedy: 'List the imports: `countersign import list`. One whose people are all removed is gone.',
  },
});
