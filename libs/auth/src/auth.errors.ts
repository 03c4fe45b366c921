import { defineErrors } from '@countersign/errors';
import { initDataRefusals } from '@countersign/telegram';

export const authError = defineErrors({
  'auth.assurance_too_low': {
    kind: 'forbidden',
    title: 'A third-party application takes only proofs that the platform itself has signed',
    remedy: 'Present init data with the Ed25519 `signature`.',
  },
  'auth.proof_used': {
    kind: 'unauthenticated',
    title: 'The session that this proof opened has been ended',
    remedy: 'Relaunch the Mini App for a new proof.',
  },
});

export const initDataError = defineErrors(initDataRefusals);

/** What sign-in with init data can answer; the codes of `explain` are the same. */
export const signInErrorCodes: readonly string[] = [
  'application.not_found',
  'auth.assurance_too_low',
  'auth.proof_used',
  'bot.ambiguous',
  'bot.compromised',
  'bot.disabled',
  'bot.not_found',
  'request.invalid',
  'request.malformed_json',
  'request.malformed_utf8',
  'request.origin_not_allowed',
  'request.too_large',
  'request.unknown_field',
  'request.unsupported_media_type',
  'service.unavailable',
  'user.deactivated',
  ...Object.keys(initDataRefusals),
];
