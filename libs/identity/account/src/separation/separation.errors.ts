import { defineErrors } from '@countersign/errors';

export const separationError = defineErrors({
  'separation.not_found': {
    kind: 'not-found',
    title: 'No such join that the session may separate',
    remedy:
      'GET /v1/me/joins/separable lists them, to sessions of the identities that came and at the level of the account.',
  },
  'separation.proof_too_old': {
    kind: 'forbidden',
    title: 'The proof of the session is older than five minutes',
    remedy: 'Sign in again with the identity that came, and repeat the call.',
  },
});
