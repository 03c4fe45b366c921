import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  botRowId: { format: 'uuid', meaning: 'The bot, by its id in the administration API' },
  secretId: { format: 'uuid', meaning: 'The secret' },
  provider: { format: 'text', meaning: 'The provider of the identity' },
  environment: { format: 'text', meaning: 'The environment of the provider' },
});

const ofApplication = { orderedBy: 'applicationId', fields: ['applicationId'] } as const;
const ofBot = { orderedBy: 'applicationId', fields: ['applicationId', 'botRowId'] } as const;
const ofSecret = { orderedBy: 'applicationId', fields: ['applicationId', 'secretId'] } as const;

const acts = defineActs({
  'application.created': { ...ofApplication, meaning: 'An application was created' },
  'application.changed': {
    ...ofApplication,
    meaning: 'The name or the settings of an application were changed',
  },
  'bot.added': { ...ofBot, meaning: 'A bot was added to an application' },
  'bot.changed': { ...ofBot, meaning: 'A bot was changed' },
  'bot.token_rotated': { ...ofBot, meaning: 'The token of a bot was replaced' },
  'bot.removed': { ...ofBot, meaning: 'A bot was removed' },
  'client_secret.added': { ...ofSecret, meaning: 'A client secret was added' },
  'client_secret.removed': { ...ofSecret, meaning: 'A client secret was removed' },
  'bot.allowed': null,
  'bot.disallowed': null,
});

export const applicationScopes = defineScopes({
  applicationsRead: [
    'applications:read',
    'List and read applications, their settings, bots and the names of their secrets',
  ],
  applicationsWrite: [
    'applications:write',
    'Create applications, each with its first client secret, and change their settings',
  ],
  secretsWrite: ['secrets:write', 'Add and remove secrets of applications that exist'],
  botsWrite: [
    'bots:write',
    'Add, change and remove bots, replace their tokens, and change the list of allowed bots',
  ],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
