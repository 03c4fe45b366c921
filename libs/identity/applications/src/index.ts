export { AcceptedBots, type AllowedBot, type WrittenBotKey } from './accepted-bots';
export { AllowedOrigins } from './allowed-origins';
export { trusts, type Application, type Trust } from './application';
export { applicationError, botError } from './application.errors';
export {
  ApplicationSettings,
  dataNeeds,
  ownFields,
  type DataNeed,
  type OwnField,
} from './settings/application.settings';
export { mergePatch } from './merge-patch';
export type { LimitSettings } from './settings/rate-limit.settings';
export { MAX_REFERRAL_LEVELS, referralModes, type ReferralMode } from './settings/referral.settings';
export { MAX_PROOF_AGE_SECONDS } from './settings/times';
export { walletProofKinds, type WalletProofKind } from './settings/wallets.settings';
export type { ApplicationRecord, ListedApplication } from './application-record';
export { ApplicationRecords, type ApplicationChange } from './application-records';
export { ApplicationsModule } from './applications.module';
export { ApplicationsService } from './applications.service';
export { ClientSecrets } from './client-secrets';
export {
  BOT_ID,
  botStatuses,
  environments,
  providers,
  signaturePolicies,
  type Bot,
  type BotKey,
  type BotStatus,
  type Environment,
  type Provider,
  type SignaturePolicy,
} from './bot';
export {
  identityProviders,
  walletProviders,
  type IdentityProvider,
  type WalletProvider,
} from './identity-provider';
export type { BotRecord } from './bot-record';
export { BotRecords } from './bot-records';
export { BotTokens } from './bot-tokens';
export type { BotChange, NewBot } from './bot-change';
export { BotsService } from './bots.service';
export { WithdrawsOfCompromisedBots, type Withdrawal } from './compromised-bots';
export { AppLinkResponse, MAX_START_LENGTH, StartLinkResponse, StartLinks } from './start-links';
export { RapidpaceSecrets, type RapidpaceKey } from './rapidpace-secrets';
