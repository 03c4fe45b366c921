import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { AllowedOrigins } from './allowed-origins';
import { ApplicationEntity } from './application.entity';
import { ApplicationsRepository } from './applications.repository';
import { ApplicationsService } from './applications.service';
import { BotEntity, BotTokenDigestEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { BotsService } from './bots.service';
import { ClientSecretEntity } from './client-secret.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([ApplicationEntity, ClientSecretEntity, BotEntity, BotTokenDigestEntity]),
    AuditModule,
  ],
  providers: [ApplicationsService, ApplicationsRepository, BotsService, BotTokens, AllowedOrigins],
  exports: [ApplicationsService, BotsService, BotTokens, AllowedOrigins],
})
export class ApplicationsModule {}
