import { defineErrors, type ErrorDefinition } from '@countersign/text';
import { DPOP_ALGORITHMS, dpopRefusals, type DpopRefusal } from '@countersign/proofs';

/** RFC 6750 section 3.1. */
const BY_TOKEN = {
  kind: 'unauthenticated',
  challenge: { scheme: 'Bearer', error: 'invalid_token' },
} as const;

export const sessionError = defineErrors({
  'session.token_missing': { kind: 'unauthenticated', title: 'Send an access token in `Authorization`' },
  'session.required': {
    kind: 'forbidden',
    title: 'This call needs a session',
    remedy: 'Sign in with the init data, and send the access token.',
  },
  'session.token_invalid': {
    ...BY_TOKEN,
    title: 'The token is not valid',
    remedy: 'Use the latest one, or sign in again.',
  },
  'session.expired': {
    ...BY_TOKEN,
    title: 'The token has expired',
    remedy: 'Refresh the session, or sign in again.',
  },
  'session.ended': {
    ...BY_TOKEN,
    title: 'The session has ended',
    remedy: 'Sign in again.',
  },
  'session.method_off': {
    ...BY_TOKEN,
    title: 'The session is refused for now: its login method is switched off, or the database was restored',
    remedy:
      'Sign in again, if necessary with another method. The session has not ended: it may work again once an operator has switched the method on, or answered the ledger of erasures.',
  },
  'session.refresh_reused': {
    ...BY_TOKEN,
    title: 'A used refresh token was presented, so the session has ended',
    remedy: 'Relaunch the Mini App and sign in.',
  },
  'session.account_switched': {
    kind: 'conflict',
    title: 'The init data names another person than the session',
    remedy: 'Sign in with the current init data.',
  },
  'session.not_found': { kind: 'not-found', title: 'No such session, or none of yours' },
});

/** RFC 9449 section 7.1. */
const byDpop = (error: string): Pick<ErrorDefinition, 'kind' | 'challenge'> => ({
  kind: 'unauthenticated',
  challenge: { scheme: 'DPoP', error, algorithms: DPOP_ALGORITHMS },
});
const BY_PROOF = byDpop('invalid_dpop_proof');
const BY_BOUND_TOKEN = byDpop('invalid_token');

const refusals = Object.fromEntries(
  Object.entries(dpopRefusals).map(([code, definition]) => [code, { ...definition, ...BY_PROOF }]),
) as Record<DpopRefusal, ErrorDefinition>;

const dpopErrors = {
  ...refusals,
  'dpop.other_key': {
    ...BY_BOUND_TOKEN,
    title: 'The session is bound to another device key',
    remedy: 'Use the key that the session began with, or sign in again.',
  },
  'dpop.proof_missing': {
    ...BY_PROOF,
    title: 'A proof of the device key is needed',
    remedy: 'Send a DPoP proof (RFC 9449) in `DPoP`, and a bound access token as `Authorization: DPoP`.',
  },
  'dpop.proof_repeated': {
    ...BY_PROOF,
    title: 'The proof of the device key was used before',
    remedy: 'Make another proof, with another `jti`, for every request.',
  },
  'dpop.session_not_bound': {
    ...BY_BOUND_TOKEN,
    title: 'The session is not bound to a device key',
    remedy: 'Use its tokens without `DPoP`, or relaunch and sign in with a key.',
  },
  'dpop.too_many_proofs': { kind: 'rate-limited', title: 'The device key proved too many requests' },
} as const;
export const dpopError = defineErrors(dpopErrors);

export const deviceKeyErrorCodes: readonly string[] = Object.keys(dpopErrors);
