import { defineErrors } from '@countersign/errors';

export const issuerError = defineErrors({
  'identity_key.not_found': {
    kind: 'not-found',
    title: 'No such key of identity tokens',
    remedy: '`countersign identity-key list` names them.',
  },
});
