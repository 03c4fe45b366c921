import { defineErrors } from '@countersign/text';

export const oauthError = defineErrors({
  'client.unauthenticated': {
    kind: 'unauthenticated',
    challenge: { scheme: 'Basic' },
    title: 'The application has not authenticated itself',
    remedy: 'Send `Authorization: Basic` with its `applicationId` and one of its client secrets.',
  },
  'client.server_only': {
    kind: 'forbidden',
    title: 'Only servers may call with a client secret, and this call has an `Origin` header',
    remedy:
      'Call from your server, without `Origin`. If a page has sent a client secret, replace this secret: everybody can read it there.',
  },
  'request.misplaced_parameter': {
    kind: 'malformed',
    title: 'A parameter is where it does not belong',
    remedy:
      'Send the token in the body, the client secret in `Authorization: Basic`, and nothing in the URL.',
  },
});
