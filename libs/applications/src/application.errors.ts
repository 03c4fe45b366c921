import { defineErrors } from '@countersign/errors';

export const applicationError = defineErrors({
  'application.not_found': {
    kind: 'not-found',
    title: 'No such application',
    remedy: 'Check `applicationId`; `countersign application create` prints it.',
  },
  'application.invalid': { kind: 'malformed', title: 'The application is not valid' },
});

export const botError = defineErrors({
  'bot.not_found': {
    kind: 'not-found',
    title: 'The application has no such bot',
    remedy: 'Add the bot to the application, or name another `botId`.',
  },
  'bot.ambiguous': {
    kind: 'malformed',
    title: 'The application has several bots',
    remedy: 'Say with `botId` which one launched the Mini App.',
  },
  'bot.disabled': {
    kind: 'forbidden',
    title: 'The bot is disabled',
    remedy: 'An operator can activate it with `countersign bot set`.',
  },
  'bot.compromised': {
    kind: 'forbidden',
    title: 'The bot is marked as compromised',
    remedy: 'Its token proves nothing any more.',
  },
  'bot.already_exists': { kind: 'conflict', title: 'This bot is registered already' },
  'bot.token_in_use': {
    kind: 'conflict',
    title: 'This token is registered already, for another bot or provider',
  },
  'bot.invalid_username': { kind: 'malformed', title: 'The name is not the username of a bot' },
  'bot.invalid_token': {
    kind: 'malformed',
    title: 'The token is not a bot token',
    remedy: 'It reads `<bot id>:<secret>`.',
  },
});
