import { defineErrors } from '@countersign/text';
import { idTokenRefusals } from '@countersign/proofs';

export const idTokenError = defineErrors(idTokenRefusals);

/** The codes after `browser_mismatch` are no responses: they become `error_description` at the page of the login. */
export const oidcError = defineErrors({
  'oidc.redirect_uri_not_allowed': {
    kind: 'forbidden',
    title: 'A sign-in of this application may not end at this URL',
    remedy: 'Add exactly this URL to `redirectUrls` in the settings of the application.',
  },
  'oidc.state_invalid': { kind: 'gone', title: 'No such login', remedy: 'Sign in within ten minutes.' },
  'oidc.browser_mismatch': { kind: 'forbidden', title: 'Another browser began, or it keeps no cookies' },
  'oidc.login_declined': { kind: 'forbidden', title: 'The person has declined the login' },
  'oidc.authorization_refused': { kind: 'conflict', title: 'Refused: check the Web Login in BotFather' },
  'oidc.client_refused': {
    kind: 'conflict',
    title: 'Telegram does not take the OpenID Connect secret of the bot',
    remedy:
      'Set the one that BotFather shows with `countersign bot set --oidc-client-secret-stdin`; it is not the token.',
  },
  'oidc.code_refused': {
    kind: 'unauthenticated',
    title: 'Telegram does not take its code back',
    remedy: 'Begin the sign-in again.',
  },
  'oidc.provider_unavailable': { kind: 'unavailable', title: 'Telegram does not answer' },
  'oidc.answer_malformed': { kind: 'unavailable', title: 'Telegram does not answer as OpenID Connect' },
});
