import { defineErrors } from '@countersign/errors';

export const clientSecretError = defineErrors({
  'client_secret.invalid_name': {
    kind: 'malformed',
    title: 'The name of the client secret is not valid',
    remedy: 'Give it a name of 1 to 200 characters that says where the secret is used.',
  },
  'client_secret.not_found': { kind: 'not-found', title: 'The application has no such client secret' },
});
