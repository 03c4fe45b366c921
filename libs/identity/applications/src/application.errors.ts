import { defineErrors, refusals } from '@countersign/text';

export const applicationError = defineErrors(
  refusals('not-found', {
    'application.not_found':
      'No such application. Check `applicationId`; `countersign application create` prints it.',
  }),
);

export const botError = defineErrors({
  ...refusals('not-found', {
    'bot.not_found':
      'The application has no such bot. Add the bot to the application, or name another `botId`.',
    'bot.not_listed': 'The bot is not in the list of allowed bots',
  }),
  ...refusals('malformed', {
    'bot.ambiguous': 'The application has several bots. Say with `botId` which one launched the Mini App.',
    'bot.invalid_token': 'The token is not a bot token. It reads `<bot id>:<secret>`.',
  }),
  ...refusals('forbidden', {
    'bot.not_accepted':
      'The application does not accept proofs of this bot. An operator can allow it with `countersign bot allow`.',
    'bot.disabled': 'The bot is disabled. An operator can activate it with `countersign bot set`.',
    'bot.compromised': 'The bot is marked as compromised. Present init data with the Ed25519 `signature`.',
  }),
  ...refusals('conflict', {
    'bot.already_exists': 'This bot is registered already',
    'bot.token_in_use': 'This token is registered already, for another bot or provider',
    'bot.token_of_another':
      'The token belongs to another bot. A bot keeps its id when BotFather gives it a new token.',
    'bot.overlap_refused':
      'The previous token can have no overlap. The instant has passed, or the bot is compromised: leave `--overlap-until` out.',
    'bot.token_unchanged':
      'The compromised bot already has this token. Get a new one from BotFather. If an earlier call has replaced the leaked one, set the bot `active`.',
    'bot.oidc_not_configured':
      'The application has no bot with an OpenID Connect secret. Give the bot the secret of Web Login with `countersign bot set --oidc-client-secret-stdin`.',
  }),
});

export const clientSecretError = defineErrors(
  refusals('not-found', { 'client_secret.not_found': 'The application has no such client secret' }),
);
