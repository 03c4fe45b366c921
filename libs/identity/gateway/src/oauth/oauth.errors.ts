import { defineErrors, refusals } from '@countersign/text';

export const oauthError = defineErrors({
  'client.unauthenticated': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Basic' },
    title: 'The application has not authenticated itself',
    remedy: 'Send `Authorization: Basic` with its `applicationId` and one of its client secrets.',
  },
  ...refusals('forbidden', {
    'client.server_only':
      'Only servers may call with a client secret, and this call has an `Origin` header. Call from your server, without `Origin`. If a page has sent a client secret, replace this secret: everybody can read it there.',
  }),
  ...refusals('malformed', {
    'request.misplaced_parameter':
      'A parameter is where it does not belong. Send the token in the body, the client secret in `Authorization: Basic`, and nothing in the URL.',
  }),
});
