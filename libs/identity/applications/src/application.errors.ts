import { defineErrors } from '@countersign/text';

export const applicationError = defineErrors({
  'application.not_found': {
    kind: 'not-found',
    title: 'No such application',
    remedy: 'Check `applicationId`; `countersign application create` prints it.',
  },
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
  'bot.not_accepted': {
    kind: 'forbidden',
    title: 'The application does not accept proofs of this bot',
    remedy: 'An operator can allow it with `countersign bot allow`.',
  },
  'bot.not_listed': { kind: 'not-found', title: 'The bot is not in the list of allowed bots' },
  'bot.disabled': {
    kind: 'forbidden',
    title: 'The bot is disabled',
    remedy: 'An operator can activate it with `countersign bot set`.',
  },
  'bot.compromised': {
    kind: 'forbidden',
    title: 'The bot is marked as compromised',
    remedy: 'Present init data with the Ed25519 `signature`.',
  },
  'bot.already_exists': { kind: 'conflict', title: 'This bot is registered already' },
  'bot.token_in_use': {
    kind: 'conflict',
    title: 'This token is registered already, for another bot or provider',
  },
  'bot.token_of_another': {
    kind: 'conflict',
    title: 'The token belongs to another bot',
    remedy: 'A bot keeps its id when BotFather gives it a new token.',
  },
  'bot.overlap_refused': {
    kind: 'conflict',
    title: 'The previous token can have no overlap',
    remedy: 'The instant has passed, or the bot is compromised: leave `--overlap-until` out.',
  },
  'bot.token_unchanged': {
    kind: 'conflict',
    title: 'The compromised bot already has this token',
    remedy:
      'Get a new one from BotFather. If an earlier call has replaced the leaked one, set the bot `active`.',
  },
  'bot.oidc_not_configured': {
    kind: 'conflict',
    title: 'The application has no bot with an OpenID Connect secret',
    remedy: 'Give the bot the secret of Web Login with `countersign bot set --oidc-client-secret-stdin`.',
  },
  'bot.invalid_token': {
    kind: 'malformed',
    title: 'The token is not a bot token',
    remedy: 'It reads `<bot id>:<secret>`.',
  },
});

export const clientSecretError = defineErrors({
  'client_secret.not_found': { kind: 'not-found', title: 'The application has no such client secret' },
});
