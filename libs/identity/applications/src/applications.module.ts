import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@countersign/admin';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { AcceptedBots } from './accepted-bots';
import { AllowedBotsController } from './admin/allowed-bots.controller';
import { ApplicationsController } from './admin/applications.controller';
import { BotsController } from './admin/bots.controller';
import { ClientSecretsController } from './admin/client-secrets.controller';
import { RapidpaceSecretsController } from './admin/rapidpace-secrets.controller';
import { AllowedOrigins } from './allowed-origins';
import { ApplicationDirectory } from './application-directory';
import { ApplicationRecords } from './application-records';
import { ApplicationSecrets } from './application-secrets';
import { ApplicationEntity } from './application.entity';
import { ApplicationsRepository } from './applications.repository';
import { ApplicationsService } from './applications.service';
import { AcceptedBotEntity, BotEntity, BotTokenDigestEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { BotRecords } from './bot-records';
import { BotsRepository } from './bots.repository';
import { BotsService } from './bots.service';
import { ClientSecretEntity } from './client-secret.entity';
import { ClientSecrets } from './client-secrets';
import { CompromisedBots } from './compromised-bots';
import { OwnOrigins } from './own-origins';
import { RapidpaceSecretDigestEntity, RapidpaceSecretEntity } from './rapidpace-secret.entity';
import { RapidpaceSecrets } from './rapidpace-secrets';
import { StartLinks } from './start-links';
import { BotTokenDigestWork, RapidpaceSecretDigestWork } from './secret-digest-work';
import { SecretDigestsRepository } from './secret-digests.repository';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      AcceptedBotEntity,
      ApplicationEntity,
      BotEntity,
      BotTokenDigestEntity,
      ClientSecretEntity,
      RapidpaceSecretDigestEntity,
      RapidpaceSecretEntity,
    ]),
    AdminModule,
    AuditModule,
    DiscoveryModule,
    EventsModule,
  ],
  controllers: [
    AllowedBotsController,
    ApplicationsController,
    BotsController,
    ClientSecretsController,
    RapidpaceSecretsController,
  ],
  providers: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationDirectory,
    ApplicationRecords,
    ApplicationSecrets,
    ApplicationsRepository,
    ApplicationsService,
    BotRecords,
    BotsRepository,
    BotsService,
    BotTokenDigestWork,
    BotTokens,
    ClientSecrets,
    CompromisedBots,
    OwnOrigins,
    RapidpaceSecretDigestWork,
    RapidpaceSecrets,
    SecretDigestsRepository,
    StartLinks,
  ],
  exports: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationRecords,
    ApplicationsService,
    BotRecords,
    BotsService,
    BotTokens,
    ClientSecrets,
    RapidpaceSecrets,
    StartLinks,
  ],
})
export class ApplicationsModule {}
