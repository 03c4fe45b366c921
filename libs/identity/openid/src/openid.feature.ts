import { defineScopes } from '@countersign/admin';
import { defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const acts = defineActs({
  'openid_client.created': null,
  'openid_client.changed': null,
  'openid_client.secret_rotated': null,
  'openid_client.removed': null,
  'openid.accepted': null,
  'openid.consented': null,
  'openid.consent_revoked': null,
});

const scopes = defineScopes({
  'openid-clients:read': 'List and read the clients of the OpenID provider',
  'openid-clients:write': 'Create, change and remove clients of the OpenID provider, and replace secrets',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
