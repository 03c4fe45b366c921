import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  botRowId: { format: 'uuid', meaning: 'The bot, by its id in the administration API' },
  secretId: { format: 'uuid', meaning: 'The secret' },
  provider: { format: 'text', meaning: 'The provider of the identity' },
  environment: { format: 'text', meaning: 'The environment of the provider' },
});

const acts = defineActs({
  'application.created': {
    meaning: 'An application was created',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'application.changed': {
    meaning: 'The name or the settings of an application were changed',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'bot.added': {
    meaning: 'A bot was added to an application',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.changed': {
    meaning: 'A bot was changed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.token_rotated': {
    meaning: 'The token of a bot was replaced',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.removed': {
    meaning: 'A bot was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'client_secret.added': {
    meaning: 'A client secret was added',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
  'client_secret.removed': {
    meaning: 'A client secret was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
  'bot.allowed': null,
  'bot.disallowed': null,
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

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
