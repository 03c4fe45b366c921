import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { UsersModule } from '@countersign/users';
import { SessionGuard } from './authenticated';
import { CallLimits } from './call-limits';
import { DeviceKeys } from './device-keys/device-keys';
import { DpopNonces } from './device-keys/dpop-nonces';
import { AccountReach } from './account-reach';
import { OwnSessionsService } from './own-sessions.service';
import { RefreshService } from './refresh.service';
import { Refusals } from './refusals';
import { RequestAuthenticator } from './request-authenticator';
import { RevocationLag } from './revocation-lag';
import { SessionAuthenticator } from './session-authenticator';
import { SessionCache } from './session-cache';
import { SessionEndings } from './session-endings';
import { SessionEndingsInSteps } from './session-endings-in-steps';
import { SessionEntity } from './session.entity';
import { SessionMerging } from './session-merging';
import { SessionTokens } from './session-tokens';
import { SessionUpkeep } from './session-upkeep';
import { SessionsController } from './sessions.controller';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { SlideWriter } from './slide-writer';
import { TokenInspector } from './token-inspector';

@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity]), ApplicationsModule, AuditModule, UsersModule],
  controllers: [SessionsController],
  providers: [
    CallLimits,
    DeviceKeys,
    DpopNonces,
    AccountReach,
    OwnSessionsService,
    RefreshService,
    Refusals,
    RevocationLag,
    RequestAuthenticator,
    SessionAuthenticator,
    SessionCache,
    SessionEndings,
    SessionEndingsInSteps,
    SessionGuard,
    SessionMerging,
    SessionTokens,
    SessionUpkeep,
    SessionsRepository,
    SessionsService,
    SlideWriter,
    TokenInspector,
  ],
  exports: [
    ApplicationsModule,
    CallLimits,
    DeviceKeys,
    DpopNonces,
    AccountReach,
    OwnSessionsService,
    RefreshService,
    RequestAuthenticator,
    SessionAuthenticator,
    SessionEndingsInSteps,
    SessionGuard,
    SessionMerging,
    SessionUpkeep,
    SessionsService,
    TokenInspector,
  ],
})
export class SessionsModule {}
