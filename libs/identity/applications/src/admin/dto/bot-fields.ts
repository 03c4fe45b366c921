import { botStatuses, environments, providers, signaturePolicies } from '../../bots/bot';

/** As the documents describe the fields of bots. */
export const idField = {
  format: 'uuid',
  description: 'Id of the record.',
  example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
};
export const applicationIdField = {
  format: 'uuid',
  description: 'The application that it belongs to.',
  example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
};
export const providerField = {
  description: 'Its provider.',
  enum: [...providers],
  example: 'telegram',
};
export const environmentField = {
  description: 'The environment of the provider.',
  enum: [...environments],
  example: 'production',
};
export const botIdField = { description: 'The provider’s number, as text.', example: '7342037359' };
export const usernameField = { description: 'Its username.', example: 'game_bot' };
export const miniAppNameField = {
  type: String,
  nullable: true,
  description:
    'The short name of its Mini App in links: `https://t.me/<username>/<miniAppName>`. Null for the main Mini App.',
  example: 'play',
};
export const statusField = {
  description:
    'No proof of a `disabled` bot counts; of a `compromised` one those count that Telegram itself has signed.',
  enum: [...botStatuses],
  example: 'active',
};
export const signaturePolicyField = {
  description: 'Whether init data must carry the Ed25519 `signature` of Telegram.',
  enum: [...signaturePolicies],
  example: 'required',
};
export const tokenField = {
  description: 'The token, as BotFather shows it; it is not shown again.',
  example: '7342037359:AAHI_u0yWr2gPz3WDYcCFUPXHmzl2ZzQSwM',
};

export const MAX_TOKEN_LENGTH = 300;
export const MAX_USERNAME_LENGTH = 65;
export const MAX_MINI_APP_NAME_LENGTH = 30;
export const MAX_OIDC_SECRET_LENGTH = 512;
export const INSTANT = '2026-11-02T09:30:00.000Z';
