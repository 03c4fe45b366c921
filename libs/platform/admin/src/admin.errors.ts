import { defineErrors, refusals } from '@countersign/text';

export const principalError = defineErrors({
  'principal.unauthenticated': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Bearer', error: 'invalid_token' },
    title: 'The token is not one of a principal, or no longer',
    remedy: 'Get one from `POST /v1/admin/token`.',
  },
  'principal.scope_missing': {
    kind: 'forbidden',
    challenge: { scheme: 'Bearer', error: 'insufficient_scope' },
    title: 'The token does not have the scope of this call',
    remedy:
      'Ask for a token without `scope`. Another principal can give yours the scope by `principals:write`.',
  },
  'principal.invalid_client': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Basic' },
    title: 'The principal has not authenticated itself',
    remedy: 'Send `Authorization: Basic` with its id and one of its secrets that has not expired.',
  },
  'principal.unsupported_grant_type': {
    kind: 'malformed',
    oauthCode: 'unsupported_grant_type',
    title: 'Only the grant type `client_credentials` is supported',
  },
  'principal.invalid_scope': {
    kind: 'malformed',
    oauthCode: 'invalid_scope',
    title: 'The principal does not have all of these scopes',
  },
  ...refusals('not-found', {
    'principal.not_found': 'There is no such principal',
    'principal.secret_not_found': 'The principal has no such secret',
  }),
  ...refusals('conflict', {
    'principal.name_taken': 'Another principal has this name',
    'principal.person_taken': 'This person signs in as another principal',
    'principal.last_administrator':
      'No other active principal has the scope `principals:write`; one that names a person does not count. Give it to another one first.',
    'principal.of_provider':
      'The principal signs in at the provider: it takes no secrets here, and where the provider made it, no scopes, and is not removed. Disable it, and change its scopes at the provider.',
    'principal.too_many_secrets': 'The principal has as many secrets as it can have. Remove one first.',
  }),
  ...refusals('forbidden', {
    'principal.exceeds_own_scopes': 'A principal cannot grant, change or remove more than it may do itself',
  }),
});

export const sessionError = defineErrors({
  ...refusals('forbidden', {
    'console.cross_site':
      'The request does not come from the page of the console. Open the console at `CONSOLE_URL`, in a browser that sends `Sec-Fetch-Site`.',
    'console.no_access':
      'This person has no scope of the administration, or the principal is disabled. Assign a role at the provider whose value is a scope, or name the person in a principal, and sign in again.',
  }),
  'console.id_token_used': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Bearer' },
    title: 'The id token has given an access token before',
    remedy: 'Get another one from the provider.',
  },
});

export const jobError = defineErrors({
  ...refusals('not-found', { 'job.not_found': 'There is no such job. Use the name of one that is listed.' }),
  ...refusals('conflict', {
    'job.not_scheduled': 'No replica has scheduled the job yet. Start a replica with `JOBS=on`.',
  }),
});
