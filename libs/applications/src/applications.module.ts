import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { AcceptedBots } from './accepted-bots';
import { AllowedOrigins } from './allowed-origins';
import { ApplicationDirectory } from './application-directory';
import { ApplicationSecrets } from './application-secrets';
import { ApplicationEntity } from './application.entity';
import { ApplicationsRepository } from './applications.repository';
import { ApplicationsService } from './applications.service';
import { AcceptedBotEntity, BotEntity, BotTokenDigestEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { BotsRepository } from './bots.repository';
import { BotsService } from './bots.service';
import { ClientSecretEntity } from './client-secret.entity';
import { ClientSecrets } from './client-secrets';
import { OwnOrigins } from './own-origins';
import { RapidpaceSecretDigestEntity, RapidpaceSecretEntity } from './rapidpace-secret.entity';
import { RapidpaceSecrets } from './rapidpace-secrets';
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
    AuditModule,
  ],
  providers: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationDirectory,
    ApplicationSecrets,
    ApplicationsRepository,
    ApplicationsService,
    BotsRepository,
    BotsService,
    BotTokenDigestWork,
    BotTokens,
    ClientSecrets,
    OwnOrigins,
    RapidpaceSecretDigestWork,
    RapidpaceSecrets,
    SecretDigestsRepository,
  ],
  exports: [
    AcceptedBots,
    AllowedOrigins,
    ApplicationsService,
    BotsService,
    BotTokens,
    ClientSecrets,
    RapidpaceSecrets,
  ],
})
export class ApplicationsModule {}
