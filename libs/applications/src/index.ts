export { AcceptedBots, type AcceptedBot } from './accepted-bots';
export { AllowedOrigins } from './allowed-origins';
export { trusts, type Application, type Trust } from './application';
export { applicationError, botError, rapidpaceSecretError } from './application.errors';
export {
  ApplicationSettings,
  dataNeeds,
  LONGEST_PROOF_AGE_SECONDS,
  type LimitSettings,
  type DataNeed,
  type RapidpaceSettings,
  type SessionSettings,
} from './application-settings';
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
