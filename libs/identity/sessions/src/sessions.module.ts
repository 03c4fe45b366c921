import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { UsersModule } from '@countersign/users';
import { FirstUses, SlideWriter } from './memory/slide-writer';
import { SessionGuard } from './access/authenticated';
import { ListedSessions } from './admin/listed-sessions.repository';
import { SessionUpkeep } from './bulk/session-upkeep';
import { AdminSessionsController, AdminUserSessionsController } from './admin/sessions.controller';
import { CallLimits } from './access/call-limits';
import { DeviceKeys } from './device-keys/device-keys';
import { AccountAccess, SessionAuthenticator } from './access/session-authenticator';
import { OwnSessionsService } from './own/own-sessions.service';
import { RefreshService } from './refresh.service';
import { RefusedTokens, RevocationLag, SessionCache } from './memory/session-cache';
import { RequestAuthenticator } from './access/request-authenticator';
import { SessionEndings } from './store/session-endings.repository';
import { SessionEndingsInSteps } from './bulk/session-endings-in-steps';
import { SessionEntity } from './store/session.entity';
import { SessionsInAudit, SessionsAccountData } from './bulk/sessions-account-data';
import { SessionTokens } from './session-tokens';
import { SessionsController } from './own/sessions.controller';
import { SessionsRepository } from './store/sessions.repository';
import { SessionsService } from './sessions.service';
import { TokenInspector } from './access/token-inspector';
import { deviceKeySettings, sessionEvents, sessionScopes, sessionSettings } from './sessions.feature';

@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity]), ApplicationsModule, DiscoveryModule, UsersModule],
  controllers: [AdminSessionsController, AdminUserSessionsController, SessionsController],
  providers: [
    CallLimits,
    DeviceKeys,
    FirstUses,
    AccountAccess,
    ListedSessions,
    OwnSessionsService,
    RefreshService,
    RefusedTokens,
    RevocationLag,
    RequestAuthenticator,
    SessionAuthenticator,
    SessionCache,
    SessionEndings,
    SessionEndingsInSteps,
    SessionGuard,
    SessionsInAudit,
    SessionsAccountData,
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
    AccountAccess,
    OwnSessionsService,
    RefreshService,
    RequestAuthenticator,
    SessionEndingsInSteps,
    SessionsService,
    TokenInspector,
  ],
})
export class SessionsModule {
  static readonly defines = {
    events: sessionEvents,
    scopes: sessionScopes,
    settings: [sessionSettings, deviceKeySettings],
  };
}
