import { defineErrors } from '@countersign/text';

export const consoleError = defineErrors({
  'console.sign_in_failed': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Bearer' },
    title: 'The sign-in at the provider failed, took too long, or began in another browser',
    remedy: 'Begin it again.',
  },
  'console.sign_in_not_repeated': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Bearer' },
    title: 'The sign-in at the provider is too old, or from before the sign-out here',
    remedy: 'Sign out at the provider, and sign in again.',
  },
  'console.provider_failed': {
    kind: 'unavailable',
    title: 'The provider of the console does not answer as OpenID Connect says',
    remedy: 'Check `CONSOLE_OIDC_ISSUER` and the client; the log has the cause.',
  },
});
