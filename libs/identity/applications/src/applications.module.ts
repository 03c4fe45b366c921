import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AcceptedBots } from './bots/accepted-bots';
import { ApplicationsController, ClientSecretsController } from './admin/applications.controller';
import { AllowedBotsController, BotsController } from './admin/bots.controller';
import { AllowedOrigins, OwnOrigins } from './origins/allowed-origins';
import { ApplicationDirectory } from './application-directory';
import { ApplicationSecrets } from './secrets/application-secrets';
import { ApplicationEntity, ClientSecretEntity } from './store/application.entity';
import { ApplicationsRepository } from './store/applications.repository';
import { ApplicationsService } from './applications.service';
import { AcceptedBotEntity, BotEntity } from './bots/bot.entity';
import { BotTokens } from './bots/bot-tokens';
import { BotsService } from './bots/bots.service';
import { ClientSecrets } from './secrets/client-secrets';
import { StartLinks } from './bots/start-links';
import { BotTokenDigestWork } from './secrets/secret-digest-work';
import { miniAppPreset } from './presets/presets';
import { providers } from './bots/bot';
import { applicationEvents, applicationScopes } from './applications.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([AcceptedBotEntity, ApplicationEntity, BotEntity, ClientSecretEntity]),
    DiscoveryModule,
  ],
  controllers: [ApplicationsController, BotsController, ClientSecretsController],
  providers: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationDirectory,
    ApplicationSecrets,
    ApplicationsRepository,
    ApplicationsService,
    BotsService,
    BotTokenDigestWork,
    BotTokens,
    ClientSecrets,
    OwnOrigins,
    StartLinks,
  ],
  exports: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationSecrets,
    ApplicationsService,
    BotsService,
    BotTokens,
    ClientSecrets,
    StartLinks,
  ],
})
export class ApplicationsModule {
  static readonly defines = {
    events: applicationEvents,
    scopes: applicationScopes,
    identityProviders: providers.map((name) => ({ name })),
    presets: [miniAppPreset],
  };
}

@Module({ imports: [ApplicationsModule], controllers: [AllowedBotsController] })
export class AllowedBotsModule {}
