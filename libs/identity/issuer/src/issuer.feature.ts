import { defineScopes } from '@countersign/admin';
import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { IdentityTokenSettings } from './tokens/identity-token.settings';

const auditActions = defineAuditActions([
  'identity_key.created',
  'identity_key.rotated',
  'identity_key.revoked',
]);

const eventTypes = defineEventTypes({
  'identity_key.created': {
    version: 1,
    meaning: 'A key of identity tokens was created where there was none',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
  'identity_key.rotated': {
    version: 1,
    meaning: 'The next key of identity tokens was created',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
  'identity_key.revoked': {
    version: 1,
    meaning: 'A key of identity tokens is refused from now on',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
});

const scopes = defineScopes({
  'identity-keys:read': 'List the keys of identity tokens',
  'identity-keys:write': 'Rotate and revoke the keys of identity tokens',
});

const settings = defineSettings('identityToken', IdentityTokenSettings);

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventTypes extends Declared<typeof eventTypes> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
