import { defineErrors } from '@countersign/errors';

export const peopleError = defineErrors({
  'user.lookup_off': {
    kind: 'impossible',
    title: 'Accounts are not found by usernames: this is switched off',
    remedy:
      'Look the account up by an id of the platform, a session or an account id, or switch it on with `countersign installation set --username-lookup on`.',
  },
  'user.reveal_ceiling_reached': {
    kind: 'rate-limited',
    title: 'The operator has read as many personal fields today as one may',
    remedy: 'Go on tomorrow, or raise `REVEALS_PER_DAY`.',
  },
  'user.reveal_approval_pending': {
    kind: 'conflict',
    title: 'Another principal has to approve this first',
    remedy:
      'Have a principal with `users:reveal_approve` approve the request `revealRequestId`, and call again with the same values before it expires.',
  },
  'user.reveal_declined': {
    kind: 'forbidden',
    title: 'Another principal has declined this request',
    remedy:
      'Ask them why: `user.reveal_declined` in the audit trail names them. The same call makes another request when this one ' +
      'has expired, with another reason at once.',
  },
  'user.reveal_not_independent': {
    kind: 'forbidden',
    title: 'The two principals of a request have to be independent of each other',
    remedy:
      'Both principals must lack `principals:write`. The approver must not have changed since the request. Neither may have created the other or issued its secrets or keys, and no third principal may have done so for both. A request at the command line is decided by a principal. With `CONSOLE_OIDC_ISSUER` both sign in at that provider.',
  },
  'user.reveal_request_not_found': { kind: 'not-found', title: 'There is no such request' },
  'user.reveal_request_over': {
    kind: 'conflict',
    title: 'The request is decided already, or has expired',
    remedy:
      'Have its operator call again, which makes another request. GET /v1/admin/reveal-requests lists those that wait.',
  },
  'user.export_ceiling_reached': {
    kind: 'rate-limited',
    title: 'The operator has exported as many accounts today as one may',
    remedy: 'Go on tomorrow, or raise `EXPORTS_PER_DAY`.',
  },
  'user.no_erasure_requested': {
    kind: 'conflict',
    title: 'The erasure of this account is not requested',
  },
  'user.erasure_not_of_operator': {
    kind: 'conflict',
    title: 'No operator has requested this erasure',
    remedy: 'Its person cancels it by signing in with a fresh proof and `cancelErasure: true`.',
  },
  'user.erasure_started': {
    kind: 'conflict',
    title: 'The erasure has begun, and cannot be cancelled',
  },
});
