import { defineErrors, refusals } from '@countersign/text';

export const consoleError = defineErrors({
  ...refusals(
    { kind: 'unauthenticated', challenge: { scheme: 'Bearer' } },
    {
      'console.sign_in_failed':
        'The sign-in at the provider failed, took too long, or began in another browser. Begin it again.',
      'console.sign_in_not_repeated':
        'The sign-in at the provider is too old, or from before the sign-out here. Sign out at the provider, and sign in again.',
    },
  ),
  ...refusals('unavailable', {
    'console.provider_failed':
      'The provider of the console does not answer as OpenID Connect says. Check `CONSOLE_OIDC_ISSUER` and the client; the log has the cause.',
  }),
});
