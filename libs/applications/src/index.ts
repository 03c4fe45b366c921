export { AllowedOrigins, type RequestOrigin } from './allowed-origins';
export { trusts, type Application, type Trust } from './application';
export { applicationError, botError } from './application.errors';
export {
  ApplicationSettings,
  dataNeeds,
  LONGEST_INIT_DATA_AGE_SECONDS,
  type DataNeed,
  type SessionSettings,
} from './application-settings';
export { ApplicationsModule } from './applications.module';
export { ApplicationsService, type NewApplication, type SignInTarget } from './applications.service';
export {
  botStatuses,
  environments,
  isOneOf,
  providers,
  signaturePolicies,
  type Bot,
  type BotStatus,
  type Environment,
  type Provider,
  type SignaturePolicy,
} from './bot';
export { BotTokens } from './bot-tokens';
export { BotsService, type BotChange, type NewBot } from './bots.service';
