import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { UsersModule } from '@countersign/users';
import { SessionGuard } from './authenticated';
import { OwnSessionsService } from './own-sessions.service';
import { RefreshService } from './refresh.service';
import { SessionAuthenticator } from './session-authenticator';
import { SessionCache } from './session-cache';
import { SessionEndings } from './session-endings';
import { SessionEntity } from './session.entity';
import { SessionMerging } from './session-merging';
import { SessionTokens } from './session-tokens';
import { SessionUpkeep } from './session-upkeep';
import { SessionsController } from './sessions.controller';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { SlideWriter } from './slide-writer';

@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity]), ApplicationsModule, AuditModule, UsersModule],
  controllers: [SessionsController],
  providers: [
    OwnSessionsService,
    RefreshService,
    SessionAuthenticator,
    SessionCache,
    SessionEndings,
    SessionGuard,
    SessionMerging,
    SessionTokens,
    SessionUpkeep,
    SessionsRepository,
    SessionsService,
    SlideWriter,
  ],
  exports: [
    ApplicationsModule,
    OwnSessionsService,
    RefreshService,
    SessionAuthenticator,
    SessionGuard,
    SessionMerging,
    SessionUpkeep,
    SessionsService,
  ],
})
export class SessionsModule {}
