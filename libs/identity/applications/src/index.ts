export { applicationScopes, applicationFields } from './applications.feature';
export { AcceptedBots } from './bots/accepted-bots';
export { AllowedOrigins } from './origins/allowed-origins';
export { browserSpelling, isRedirectUrl, IsRedirectUrl } from './origins/is-redirect-url';
export { applicationError, botError } from './application.errors';
export {
  ApplicationSettings,
  MAX_PROOF_AGE_SECONDS,
  MIN_SECONDS,
  ownFields,
  type DataNeed,
  type OwnField,
} from './settings/application.settings';
export { SettingsGroup, settingsInUse } from './settings/settings-groups';
export { mergePatch } from './merge-patch';
export { AllowedBotsModule, ApplicationsModule } from './applications.module';
export { ApplicationsService } from './applications.service';
export { ClientSecrets, mintClientSecret } from './secrets/client-secrets';
export { BotKeyFields } from './admin/dto/bot.dto';
export { BOT_ID, environments, type BotKey, type Environment, type Provider } from './bots/bot';
export type { Bot } from './bots/bot.entity';
export * from './identity-provider';
export { BotTokens } from './bots/bot-tokens';
export { BotsService, WithdrawsOfCompromisedBots, type NewBot } from './bots/bots.service';
export { AppLinkResponse, StartLinkResponse, StartLinks } from './bots/start-links';
export type { Application, Trust } from './store/application.entity';
export { ApplicationSecrets } from './secrets/application-secrets';
export { SecretDigestWork, type SealedSecret } from './secrets/secret-digest-work';
export { ApplicationInPath } from './admin/applications.controller';
export { AddsForPreset, presetsInUse, type Preset } from './presets/presets';
