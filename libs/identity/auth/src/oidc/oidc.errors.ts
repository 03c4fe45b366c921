import { defineErrors, refusals } from '@countersign/text';
import { idTokenRefusals } from '@countersign/proofs';

export const idTokenError = defineErrors(idTokenRefusals);

/** The codes after `browser_mismatch` are no responses: they become `error_description` at the page of the login. */
export const oidcError = defineErrors({
  ...refusals('forbidden', {
    'oidc.redirect_uri_not_allowed':
      'A sign-in of this application may not end at this URL. Add exactly this URL to `redirectUrls` in the settings of the application.',
    'oidc.browser_mismatch': 'Another browser began, or it keeps no cookies',
    'oidc.login_declined': 'The person has declined the login',
  }),
  ...refusals('gone', { 'oidc.state_invalid': 'No such login. Sign in within ten minutes.' }),
  ...refusals('conflict', {
    'oidc.authorization_refused': 'Refused: check the Web Login in BotFather',
    'oidc.client_refused':
      'Telegram does not take the OpenID Connect secret of the bot. Set the one that BotFather shows with `countersign bot set --oidc-client-secret-stdin`; it is not the token.',
  }),
  ...refusals('unauthenticated', {
    'oidc.code_refused': 'Telegram does not take its code back. Begin the sign-in again.',
  }),
  ...refusals('unavailable', {
    'oidc.provider_unavailable': 'Telegram does not answer',
    'oidc.answer_malformed': 'Telegram does not answer as OpenID Connect',
  }),
});
