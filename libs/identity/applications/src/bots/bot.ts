export const providers = ['telegram', 'openweb3'] as const;
export type Provider = (typeof providers)[number];

export const environments = ['production', 'test'] as const;
export type Environment = (typeof environments)[number];

/** Whether init data must carry Telegram's Ed25519 `signature` besides the HMAC. */
export const signaturePolicies = ['required', 'optional'] as const;
export type SignaturePolicy = (typeof signaturePolicies)[number];

export const botStatuses = ['active', 'disabled', 'compromised'] as const;
export type BotStatus = (typeof botStatuses)[number];

/** A bot's number at its provider, as text: below 2^53, so that no JSON reader rounds it. */
export const BOT_ID = /^[1-9]\d{0,15}$/;

export interface BotKey {
  readonly provider: Provider;
  readonly environment: Environment;
  readonly botId: string;
}
