import { defineErrors, refusals, type ErrorDefinition } from '@countersign/text';
import { DPOP_ALGORITHMS, dpopRefusals } from '@countersign/proofs';

/** RFC 6750 section 3.1. */
const BY_TOKEN = {
  kind: 'unauthenticated',
  challenge: { scheme: 'Bearer', error: 'invalid_token' },
} as const;

export const sessionError = defineErrors({
  ...refusals('unauthenticated', { 'session.token_missing': 'Send an access token in `Authorization`' }),
  ...refusals('forbidden', {
    'session.required': 'This call needs a session. Sign in with the init data, and send the access token.',
  }),
  ...refusals(BY_TOKEN, {
    'session.token_invalid': 'The token is not valid. Use the latest one, or sign in again.',
    'session.expired': 'The token has expired. Refresh the session, or sign in again.',
    'session.ended': 'The session has ended. Sign in again.',
    'session.method_off':
      'The session is refused for now: its login method is switched off, or the database was restored. Sign in again, if necessary with another method. The session has not ended: it may work again once an operator has switched the method on, or answered the ledger of erasures.',
    'session.refresh_reused':
      'A used refresh token was presented, so the session has ended. Relaunch the Mini App and sign in.',
  }),
  ...refusals('conflict', {
    'session.account_switched':
      'The init data names another person than the session. Sign in with the current init data.',
  }),
  ...refusals('not-found', { 'session.not_found': 'No such session, or none of yours' }),
});

/** RFC 9449 section 7.1. */
const byDpop = (error: string): Pick<ErrorDefinition, 'kind' | 'challenge'> => ({
  kind: 'unauthenticated',
  challenge: { scheme: 'DPoP', error, algorithms: DPOP_ALGORITHMS },
});
const BY_PROOF = byDpop('invalid_dpop_proof');
const BY_BOUND_TOKEN = byDpop('invalid_token');

const dpopErrors = {
  ...refusals(BY_BOUND_TOKEN, {
    'dpop.other_key':
      'The session is bound to another device key. Use the key that the session began with, or sign in again.',
    'dpop.session_not_bound':
      'The session is not bound to a device key. Use its tokens without `DPoP`, or relaunch and sign in with a key.',
  }),
  ...refusals(BY_PROOF, {
    ...dpopRefusals,
    'dpop.proof_missing':
      'A proof of the device key is needed. Send a DPoP proof (RFC 9449) in `DPoP`, and a bound access token as `Authorization: DPoP`.',
    'dpop.proof_repeated':
      'The proof of the device key was used before. Make another proof, with another `jti`, for every request.',
  }),
  ...refusals('rate-limited', { 'dpop.too_many_proofs': 'The device key proved too many requests' }),
};
export const dpopError = defineErrors(dpopErrors);

export const deviceKeyErrorCodes: readonly string[] = Object.keys(dpopErrors);
