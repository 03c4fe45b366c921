import { defineErrors, refusals } from '@countersign/text';
import { contactRefusals, initDataRefusals, loginWidgetRefusals } from '@countersign/proofs';

export const authError = defineErrors({
  ...refusals('forbidden', {
    'auth.assurance_too_low':
      'The proof, or the one that opened the session, is too easy to forge for this. Sign in with what the platform itself signed, such as init data with the Ed25519 `signature`.',
    'auth.proof_names_no_act':
      'A proof that was made for signing in is no consent to anything else. Open the link of POST /v1/me/step-up/requests. Join two accounts with POST /v1/me/joins.',
    'auth.login_widget_refused':
      'The application does not accept the Login Widget. Sign in another way, or let an operator set `loginWidget.accept`.',
    'auth.per_request_refused':
      'The application does not accept init data per request. Sign in for a session, or let an operator set `perRequestInitData.accept`.',
    'auth.application_mismatch':
      'The proof is for another application than the session. Leave `applicationId` out, or send that of the session.',
  }),
  ...refusals('unauthenticated', {
    'auth.proof_used':
      'The proof has been used. Relaunch the Mini App, press /start in the bot, or log in anew, for another one.',
    'auth.proof_outdated':
      'All sessions were ended after this proof was made. Relaunch the Mini App, or press /start in the bot, for a new proof.',
    'auth.proof_not_fresh':
      'The proof is older than five minutes, or has no date. Relaunch the Mini App, or log in anew, and present the new proof at once.',
    'auth.code_invalid': 'The code is not valid. Sign in again.',
    'auth.code_verifier_mismatch':
      'The code verifier does not match the code challenge. Send the `codeVerifier` of the challenge, and none without a challenge.',
  }),
  ...refusals('malformed', { 'auth.application_missing': 'No application in `X-Countersign-Application`' }),
  ...refusals('gone', {
    'auth.code_used': 'The code has been used. Begin the sign-in again.',
    'auth.code_expired': 'The code has expired. Codes live 60 seconds.',
  }),
});

export const initDataError = defineErrors(initDataRefusals);

export const loginWidgetError = defineErrors(loginWidgetRefusals);

export const contactError = defineErrors(contactRefusals);
