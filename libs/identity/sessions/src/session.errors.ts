import { defineErrors, type Challenge, type ErrorDefinition } from '@countersign/errors';
import { DPOP_ALGORITHMS, dpopRefusals, type DpopRefusal } from '@countersign/dpop';

/** RFC 6750 section 3.1. */
const INVALID_TOKEN = { scheme: 'Bearer', error: 'invalid_token' } as const;

export const sessionError = defineErrors({
  'session.token_missing': { kind: 'unauthenticated', title: 'Send an access token in `Authorization`' },
  'session.required': {
    kind: 'forbidden',
    title: 'This call needs a session',
    remedy: 'Sign in with the init data, and send the access token.',
  },
  'session.token_invalid': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The token is not valid',
    remedy: 'Use the latest one, or sign in again.',
  },
  'session.expired': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The token has expired',
    remedy: 'Refresh the session, or sign in again.',
  },
  'session.ended': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The session has ended',
    remedy: 'Sign in again.',
  },
  'session.refresh_reused': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
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
const challengeOf = (error: string): Challenge => ({ scheme: 'DPoP', error, algorithms: DPOP_ALGORITHMS });
const INVALID_PROOF = challengeOf('invalid_dpop_proof');
const INVALID_BOUND_TOKEN = challengeOf('invalid_token');

const refusals = Object.fromEntries(
  Object.entries(dpopRefusals).map(([code, definition]) => [
    code,
    { ...definition, kind: 'unauthenticated', challenge: INVALID_PROOF },
  ]),
) as Record<DpopRefusal, ErrorDefinition>;

export const dpopError = defineErrors({
  ...refusals,
  'dpop.proof_missing': {
    kind: 'unauthenticated',
    challenge: INVALID_PROOF,
    title: 'A proof of the device key is needed',
    remedy: 'Send a DPoP proof (RFC 9449) in `DPoP`, and a bound access token as `Authorization: DPoP`.',
  },
  'dpop.proof_repeated': {
    kind: 'unauthenticated',
    challenge: INVALID_PROOF,
    title: 'The proof of the device key was used before',
    remedy: 'Make another proof, with another `jti`, for every request.',
  },
  'dpop.other_key': {
    kind: 'unauthenticated',
    challenge: INVALID_BOUND_TOKEN,
    title: 'The session is bound to another device key',
    remedy: 'Use the key that the session began with, or sign in again.',
  },
  'dpop.session_not_bound': {
    kind: 'unauthenticated',
    challenge: INVALID_BOUND_TOKEN,
    title: 'The session is not bound to a device key',
    remedy: 'Use its tokens without `DPoP`, or relaunch and sign in with a key.',
  },
  'dpop.too_many_proofs': { kind: 'rate-limited', title: 'The device key proved too many requests' },
});

/** The error codes of routes that accept a proof of a device key. */
export const deviceKeyErrorCodes: readonly string[] = [
  ...Object.keys(dpopRefusals),
  'dpop.other_key',
  'dpop.proof_missing',
  'dpop.proof_repeated',
  'dpop.session_not_bound',
  'dpop.too_many_proofs',
];
