import { defineErrors } from '@countersign/text';
import { contactRefusals, initDataRefusals, loginWidgetRefusals } from '@countersign/proofs';

export const authError = defineErrors({
  'auth.assurance_too_low': {
    kind: 'forbidden',
    title: 'The proof, or the one that opened the session, is too easy to forge for this',
    remedy: 'Sign in with what the platform itself signed, such as init data with the Ed25519 `signature`.',
  },
  'auth.proof_used': {
    kind: 'unauthenticated',
    title: 'The proof has been used',
    remedy: 'Relaunch the Mini App, press /start in the bot, or log in anew, for another one.',
  },
  'auth.proof_outdated': {
    kind: 'unauthenticated',
    title: 'All sessions were ended after this proof was made',
    remedy: 'Relaunch the Mini App, or press /start in the bot, for a new proof.',
  },
  'auth.proof_not_fresh': {
    kind: 'unauthenticated',
    title: 'The proof is older than five minutes, or has no date',
    remedy: 'Relaunch the Mini App, or log in anew, and present the new proof at once.',
  },
  'auth.proof_names_no_act': {
    kind: 'forbidden',
    title: 'A proof that was made for signing in is no consent to anything else',
    remedy: 'Open the link of POST /v1/me/step-up/requests. Join two accounts with POST /v1/me/joins.',
  },
  'auth.login_widget_refused': {
    kind: 'forbidden',
    title: 'The application does not accept the Login Widget',
    remedy: 'Sign in another way, or let an operator set `loginWidget.accept`.',
  },
  'auth.per_request_refused': {
    kind: 'forbidden',
    title: 'The application does not accept init data per request',
    remedy: 'Sign in for a session, or let an operator set `perRequestInitData.accept`.',
  },
  'auth.application_mismatch': {
    kind: 'forbidden',
    title: 'The proof is for another application than the session',
    remedy: 'Leave `applicationId` out, or send that of the session.',
  },
  'auth.application_missing': { kind: 'malformed', title: 'No application in `X-Countersign-Application`' },
  'auth.code_invalid': { kind: 'unauthenticated', title: 'The code is not valid', remedy: 'Sign in again.' },
  'auth.code_used': { kind: 'gone', title: 'The code has been used', remedy: 'Begin the sign-in again.' },
  'auth.code_expired': { kind: 'gone', title: 'The code has expired', remedy: 'Codes live 60 seconds.' },
  'auth.code_verifier_mismatch': {
    kind: 'unauthenticated',
    title: 'The code verifier does not match the code challenge',
    remedy: 'Send the `codeVerifier` of the challenge, and none without a challenge.',
  },
});

export const initDataError = defineErrors(initDataRefusals);

export const loginWidgetError = defineErrors(loginWidgetRefusals);

export const contactError = defineErrors(contactRefusals);
