export { AcceptedBots, type AcceptedBot } from './accepted-bots';
export { AllowedOrigins } from './allowed-origins';
export { trusts, type Application, type Trust } from './application';
export { applicationError, botError, rapidpaceSecretError } from './application.errors';
export { ApplicationSettings, dataNeeds, type DataNeed } from './settings/application.settings';
export type { RapidpaceSettings } from './settings/rapidpace.settings';
export type { LimitSettings } from './settings/rate-limit.settings';
export type { SessionSettings } from './settings/session.settings';
export { MAX_PROOF_AGE_SECONDS } from './settings/times';
export { ApplicationsModule } from './applications.module';
export { ApplicationsService, type NewApplication, type SignInTarget } from './applications.service';
export { clientSecretError } from './client-secret.errors';
export { ClientSecrets, type ListedClientSecret } from './client-secrets';
export {
  botStatuses,
  environments,
  isOneOf,
  providers,
  signaturePolicies,
  type Bot,
  type BotKey,
  type BotStatus,
  type Environment,
  type Provider,
  type SignaturePolicy,
} from './bot';
export { BotTokens } from './bot-tokens';
export { BotsService, type BotChange, type NewBot, type TokenRotation } from './bots.service';
export { isRedirectUrl } from './is-redirect-url';
export { RapidpaceSecrets, type RapidpaceKey } from './rapidpace-secrets';
