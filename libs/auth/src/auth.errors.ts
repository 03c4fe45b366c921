import { defineErrors } from '@countersign/errors';
import { rapidpaceRefusals } from '@countersign/rapidpace';
import { deviceKeyErrorCodes } from '@countersign/sessions';
import {
  idTokenRefusals,
  contactRefusals,
  initDataRefusals,
  loginWidgetRefusals,
} from '@countersign/telegram';

export const authError = defineErrors({
  'auth.assurance_too_low': {
    kind: 'forbidden',
    title: 'The proof, or the one that opened the session, is too easy to forge for this',
    remedy:
      'Sign in or prove it with what the platform itself has signed, such as init data with the Ed25519 `signature`.',
  },
  'auth.proof_used': {
    kind: 'unauthenticated',
    title: 'The proof has been used',
    remedy: 'Relaunch the Mini App, or log in anew, for another one.',
  },
  'auth.proof_outdated': {
    kind: 'unauthenticated',
    title: 'All sessions were ended after this proof was made',
    remedy: 'Relaunch the Mini App for a new proof.',
  },
  'auth.proof_not_fresh': {
    kind: 'unauthenticated',
    title: 'The proof is older than five minutes, or has no date',
    remedy: 'Relaunch the Mini App, or log in anew, and present the new proof at once.',
  },
  'auth.login_widget_refused': {
    kind: 'forbidden',
    title: 'The application does not take the Login Widget',
    remedy: 'Sign in another way, or let an operator set `loginWidget.accept`.',
  },
  'auth.per_request_refused': {
    kind: 'forbidden',
    title: 'The application does not take init data per request',
    remedy: 'Sign in for a session, or let an operator set `perRequestInitData.accept`.',
  },
  'auth.application_mismatch': {
    kind: 'forbidden',
    title: 'The proof is for another application than the session',
    remedy: 'Leave `applicationId` out, or send that of the session.',
  },
  'auth.application_missing': {
    kind: 'malformed',
    title: 'The application is not named',
    remedy: 'Send its id in `X-Countersign-Application`.',
  },
  'auth.code_invalid': {
    kind: 'unauthenticated',
    title: 'The code is not valid',
    remedy: 'It was never issued to this application. Begin the sign-in again.',
  },
  'auth.code_used': { kind: 'gone', title: 'The code has been used', remedy: 'Begin the sign-in again.' },
  'auth.code_expired': {
    kind: 'gone',
    title: 'The code has expired',
    remedy: 'Exchange it within 60 seconds; begin the sign-in again.',
  },
  'auth.code_verifier_mismatch': {
    kind: 'unauthenticated',
    title: 'The code verifier does not match the code challenge',
    remedy: 'Send the `codeVerifier` that the challenge was made from, and none when there was no challenge.',
  },
});

export const initDataError = defineErrors(initDataRefusals);

export const loginWidgetError = defineErrors(loginWidgetRefusals);

export const contactError = defineErrors(contactRefusals);

export const idTokenError = defineErrors(idTokenRefusals);

/** Those after `browser_mismatch` are no answers: they stand in `error_description` at the page that the login ends at. */
export const oidcError = defineErrors({
  'oidc.redirect_uri_not_allowed': {
    kind: 'forbidden',
    title: 'A sign-in of this application may not end at this URL',
    remedy: 'Add exactly this URL to `redirectUrls` in the settings of the application.',
  },
  'oidc.state_invalid': {
    kind: 'gone',
    title: 'No such login is under way',
    remedy:
      'It has been finished, took longer than ten minutes, or never began here. Begin the sign-in again.',
  },
  'oidc.browser_mismatch': {
    kind: 'forbidden',
    title: 'The login was begun in another browser',
    remedy: 'Begin the sign-in again, in a browser that keeps cookies.',
  },
  'oidc.login_declined': { kind: 'forbidden', title: 'The person has declined the login' },
  'oidc.authorization_refused': {
    kind: 'conflict',
    title: 'Telegram refuses to log anybody in for this bot',
    remedy: 'Check the Web Login of the bot in BotFather.',
  },
  'oidc.client_refused': {
    kind: 'conflict',
    title: 'Telegram does not take the OpenID Connect secret of the bot',
    remedy:
      'Set the one that BotFather shows with `countersign bot set --oidc-secret-stdin`; it is not the token.',
  },
  'oidc.code_refused': {
    kind: 'unauthenticated',
    title: 'Telegram does not take its code back',
    remedy: 'Begin the sign-in again.',
  },
  'oidc.provider_unavailable': {
    kind: 'unavailable',
    title: 'Telegram does not answer',
    remedy: 'Try again later.',
  },
  'oidc.answer_malformed': {
    kind: 'unavailable',
    title: 'Telegram answers something else than OpenID Connect',
    remedy: 'Check `TELEGRAM_OIDC_ISSUER`.',
  },
});

export const rapidpaceError = defineErrors({
  ...rapidpaceRefusals,
  'rapidpace.not_configured': {
    kind: 'conflict',
    title: 'The application is not set up for Rapidpace',
    remedy:
      'Register the secret with `countersign rapidpace add-secret`; for links, set `rapidpace.frontUrl` too.',
  },
});

/** What every sign-in can answer, whichever door it comes through. */
const commonCodes: readonly string[] = [
  'application.not_found',
  'auth.assurance_too_low',
  'auth.proof_outdated',
  'auth.proof_used',
  'request.invalid',
  'request.malformed_json',
  'request.malformed_utf8',
  'request.origin_not_allowed',
  'request.rate_limited',
  'request.too_large',
  'request.unknown_field',
  'request.unsupported_media_type',
  'service.unavailable',
  'user.deactivated',
  ...deviceKeyErrorCodes,
];

const botCodes = ['bot.ambiguous', 'bot.compromised', 'bot.disabled', 'bot.not_found'];

const rapidpaceCodes: readonly string[] = [
  'application.not_found',
  'auth.assurance_too_low',
  'rapidpace.not_configured',
  'request.origin_not_allowed',
  'request.rate_limited',
  'service.unavailable',
  ...Object.keys(rapidpaceRefusals),
];

/** What each door can answer; the codes of `explain` are the same. */
export const doorErrorCodes = {
  initData: [...commonCodes, ...botCodes, ...Object.keys(initDataRefusals)],
  thirdPartyInitData: [
    ...commonCodes,
    'bot.ambiguous',
    'bot.disabled',
    'bot.not_accepted',
    ...Object.keys(initDataRefusals).filter((code) => !code.startsWith('init_data.hash')),
  ],
  loginWidget: [
    ...commonCodes,
    'auth.login_widget_refused',
    ...botCodes,
    ...Object.keys(loginWidgetRefusals),
  ],
  exchange: [
    ...commonCodes,
    'auth.code_expired',
    'auth.code_invalid',
    'auth.code_used',
    'auth.code_verifier_mismatch',
  ],
  oidcStart: [
    'application.not_found',
    'bot.ambiguous',
    'bot.disabled',
    'bot.oidc_not_configured',
    'oidc.redirect_uri_not_allowed',
    'request.rate_limited',
    'service.unavailable',
  ],
  oidcCallback: [
    'oidc.browser_mismatch',
    'oidc.redirect_uri_not_allowed',
    'oidc.state_invalid',
    'request.rate_limited',
    'service.unavailable',
  ],
  rapidpacePlayer: [
    'user.deactivated',
    ...rapidpaceCodes.filter((code) => !/^rapidpace\.(undated_link|link_|duplicate_key)/.test(code)),
  ],
  rapidpaceLink: rapidpaceCodes.filter((code) => code !== 'rapidpace.value_type_invalid'),
} as const;

/** What a proof can fail that is used up within a session. */
export const spendingCodes: readonly string[] = [
  'auth.application_mismatch',
  'auth.proof_not_fresh',
  'auth.proof_used',
];

/** What a proof of any kind can fail that is presented within a session. */
export const presentedProofCodes: readonly string[] = [
  ...new Set([
    ...doorErrorCodes.initData,
    ...doorErrorCodes.loginWidget,
    ...doorErrorCodes.exchange,
    ...spendingCodes,
  ]),
];
