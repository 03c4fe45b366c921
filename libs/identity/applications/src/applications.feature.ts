import { defineScopes } from '@countersign/admin';
import { defineEvents, type EventFields, commonFields } from '@countersign/audit';

export const applicationFields = {
  botRowId: { format: 'uuid', meaning: 'The bot, by its id in the administration API' },
  secretId: { format: 'uuid', meaning: 'The secret' },
  provider: { format: 'text', meaning: 'The provider of the identity' },
  environment: { format: 'text', meaning: 'The environment of the provider' },
} as const satisfies EventFields;

const { applicationId } = commonFields;
const { botRowId, secretId } = applicationFields;

const ofApplication = { orderedBy: 'applicationId', fields: { applicationId } } as const;
const ofBot = { orderedBy: 'applicationId', fields: { applicationId, botRowId } } as const;
const ofSecret = { orderedBy: 'applicationId', fields: { applicationId, secretId } } as const;

export const applicationEvents = defineEvents({
  applicationCreated: {
    name: 'application.created',
    ...ofApplication,
    meaning: 'An application was created',
  },
  applicationChanged: {
    name: 'application.changed',
    ...ofApplication,
    meaning: 'The name or the settings of an application were changed',
  },
  botAdded: { name: 'bot.added', ...ofBot, meaning: 'A bot was added to an application' },
  botChanged: { name: 'bot.changed', ...ofBot, meaning: 'A bot was changed' },
  botTokenRotated: { name: 'bot.token_rotated', ...ofBot, meaning: 'The token of a bot was replaced' },
  botRemoved: { name: 'bot.removed', ...ofBot, meaning: 'A bot was removed' },
  clientSecretAdded: { name: 'client_secret.added', ...ofSecret, meaning: 'A client secret was added' },
  clientSecretRemoved: { name: 'client_secret.removed', ...ofSecret, meaning: 'A client secret was removed' },
  botAllowed: 'bot.allowed',
  botDisallowed: 'bot.disallowed',
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
