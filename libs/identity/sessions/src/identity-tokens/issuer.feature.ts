import { defineScopes } from '@countersign/admin';
import { SettingsGroup } from '@countersign/applications';
import { auditFields, defineEvents } from '@countersign/audit';
import { IsBoolean } from 'class-validator';

const { keyId } = auditFields;

class IdentityTokenSettings {
  /** Whether a sign-in and a refresh return one too, for gateways that can only verify a JWKS. */
  @IsBoolean()
  inAnswers = false;
}

export const issuerEvents = defineEvents({
  keyCreated: {
    name: 'identity_key.created',
    meaning: 'The first key was created',
    orderedBy: 'keyId',
    fields: { keyId },
  },
  keyRotated: {
    name: 'identity_key.rotated',
    meaning: 'The next key was created',
    orderedBy: 'keyId',
    fields: { keyId },
  },
  keyRevoked: {
    name: 'identity_key.revoked',
    meaning: 'A key is refused from now on',
    orderedBy: 'keyId',
    fields: { keyId },
  },
});

export const issuerScopes = defineScopes({
  identityKeysRead: ['identity-keys:read', 'List the keys of identity tokens'],
  identityKeysWrite: ['identity-keys:write', 'Rotate and revoke the keys of identity tokens'],
});

export const identityTokenSettings = new SettingsGroup('identityToken', IdentityTokenSettings);
