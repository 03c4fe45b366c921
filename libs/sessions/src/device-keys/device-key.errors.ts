import { dpopRefusals } from '@countersign/dpop';
import { defineErrors } from '@countersign/errors';

export const dpopError = defineErrors({
  ...dpopRefusals,
  'dpop.proof_missing': {
    kind: 'unauthenticated',
    title: 'A proof of the device key is needed',
    remedy: 'Send a DPoP proof (RFC 9449) in `DPoP`, and a bound access token as `Authorization: DPoP`.',
  },
  'dpop.nonce_required': {
    kind: 'unauthenticated',
    title: 'The proof of the device key needs a nonce',
    remedy: 'Make another proof with the `nonce` that `DPoP-Nonce` of this answer holds.',
  },
  'dpop.proof_repeated': {
    kind: 'unauthenticated',
    title: 'The proof of the device key was used before',
    remedy: 'Make another proof, with another `jti`, for every request.',
  },
  'dpop.other_key': {
    kind: 'unauthenticated',
    title: 'The session is bound to another device key',
    remedy: 'Use the key that the session began with, or sign in again.',
  },
  'dpop.session_not_bound': {
    kind: 'unauthenticated',
    title: 'The session is not bound to a device key',
    remedy:
      'Use its tokens without `DPoP`; for a session with a key relaunch, and sign in with the new proof.',
  },
  'dpop.too_many_proofs': {
    kind: 'rate-limited',
    title: 'The device key proved more requests than are remembered',
    remedy: 'Send fewer requests.',
  },
});

/** What a route answers that takes a proof of a device key. */
export const deviceKeyErrorCodes: readonly string[] = [
  ...Object.keys(dpopRefusals),
  'dpop.nonce_required',
  'dpop.other_key',
  'dpop.proof_missing',
  'dpop.proof_repeated',
  'dpop.session_not_bound',
  'dpop.too_many_proofs',
];
