import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'application.created',
  'application.changed',
  'bot.added',
  'bot.changed',
  'bot.token_rotated',
  'bot.removed',
  'bot.allowed',
  'bot.disallowed',
  'client_secret.added',
  'client_secret.removed',
]);

const eventFields = defineEventFields({
  botRowId: { format: 'uuid', meaning: 'The bot, by its id in the administration API' },
  secretId: { format: 'uuid', meaning: 'The secret' },
  provider: { format: 'text', meaning: 'The provider of the identity' },
  environment: { format: 'text', meaning: 'The environment of the provider' },
});

const eventTypes = defineEventTypes({
  'application.created': {
    version: 1,
    meaning: 'An application was created',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'application.changed': {
    version: 1,
    meaning: 'The name or the settings of an application were changed',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'bot.added': {
    version: 1,
    meaning: 'A bot was added to an application',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.changed': {
    version: 1,
    meaning: 'A bot was changed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.token_rotated': {
    version: 1,
    meaning: 'The token of a bot was replaced',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.removed': {
    version: 1,
    meaning: 'A bot was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'client_secret.added': {
    version: 1,
    meaning: 'A client secret was added',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
  'client_secret.removed': {
    version: 1,
    meaning: 'A client secret was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
});

const scopes = defineScopes({
  'applications:read': 'List and read applications, their settings, bots and the names of their secrets',
  'applications:write': 'Create applications, each with its first client secret, and change their settings',
  'secrets:write': 'Add and remove secrets of applications that exist',
  'bots:write': 'Add, change and remove bots, replace their tokens, and change the list of allowed bots',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}
