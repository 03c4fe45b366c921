import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { Clock, Configuration } from '@countersign/runtime';
import { IdTokenKeyEntity, IdTokenKeys, IssuerModule, SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { WebhookClient } from '@countersign/webhook-sender';
import { OpenidClients } from './clients/openid-clients';
import { OpenidClientsController } from './clients/openid-clients.controller';
import { ConsentsInMe, OpenidAccountData } from './consents/openid-account-data';
import { OpenidConsents } from './consents/openid-consents';
import { SeenClients } from './consents/seen-clients';
import { LoginPagesController } from './login/login-pages.controller';
import { BrowserSessions } from './login/browser-sessions';
import { LoginLaunches } from './login/login-launches';
import { LoginRequests } from './login/login-requests';
import { LoginRequestsController, OwnConsentsController } from './login/login-requests.controller';
import { Logouts, PER_CLIENT } from './logout/logouts';
import { OpenidAccounts } from './provider/openid-accounts';
import { OpenidEndpoint } from './provider/openid-endpoint';
import { OpenidOrigins } from './provider/openid-origins';
import { OpenidProvider } from './provider/openid-provider';
import { OpenidRefusals } from './provider/openid-refusals';
import { OpenidRecords } from './store/openid-records.repository';
import { openidEntities } from './store/openid.entities';
import { openidEvents, openidScopes } from './openid.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([...openidEntities, IdTokenKeyEntity]),
    AccountModule,
    ApplicationsModule,
    AuthModule,
    DiscoveryModule,
    IssuerModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [
    LoginPagesController,
    LoginRequestsController,
    OpenidClientsController,
    OwnConsentsController,
  ],
  providers: [
    BrowserSessions,
    ConsentsInMe,
    IdTokenKeys,
    LoginLaunches,
    LoginRequests,
    Logouts,
    OpenidAccountData,
    OpenidAccounts,
    OpenidClients,
    OpenidConsents,
    OpenidEndpoint,
    OpenidOrigins,
    OpenidProvider,
    OpenidRecords,
    OpenidRefusals,
    SeenClients,
    {
      provide: WebhookClient,
      inject: [Clock, Configuration],
      useFactory: (clock: Clock, { webhookAllowedTargets: allowed }: Configuration) =>
        new WebhookClient({
          clock,
          allowed,
          // Several clients may share an origin.
          limits: { connectionsPerOrigin: 4 * PER_CLIENT },
        }),
    },
  ],
})
export class OpenidModule {
  static readonly defines = { events: openidEvents, scopes: openidScopes };
}
