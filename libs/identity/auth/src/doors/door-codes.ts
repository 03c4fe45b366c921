import { deviceKeyErrorCodes } from '@countersign/sessions';

/** Error codes of every door. */
export const doorCodes: readonly string[] = [
  'application.not_found',
  'auth.assurance_too_low',
  'request.origin_not_allowed',
  'service.unavailable',
];

/** Error codes of every door that reads a JSON body and opens a session. */
export const signInCodes: readonly string[] = [
  ...doorCodes,
  'auth.proof_outdated',
  'auth.proof_used',
  'user.deactivated',
  'user.erasure_pending',
  'auth.proof_not_fresh',
  ...deviceKeyErrorCodes,
];

/** Error codes of doors that look for the bot that is meant. */
export const botCodes: readonly string[] = [
  'bot.ambiguous',
  'bot.compromised',
  'bot.disabled',
  'bot.not_found',
];

/** Error codes of a proof that is used up within a session. */
export const consumingCodes: readonly string[] = [
  'auth.application_mismatch',
  'auth.proof_not_fresh',
  'auth.proof_used',
];
