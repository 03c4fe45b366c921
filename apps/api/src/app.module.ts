import { Module, type DynamicModule } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { AdminChainsModule } from '@countersign/chains';
import { ClockModule } from '@countersign/clock';
import { ConsoleModule } from '@countersign/console';
import { ConfigModule, type Configuration } from '@countersign/config';
import { DatabaseModule } from '@countersign/database';
import { JobsModule } from '@countersign/jobs';
import { KeysModule } from '@countersign/keys';
import { LeaderboardsModule } from '@countersign/leaderboards';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { OAuthModule } from '@countersign/oauth';
import { noTracing, ObservabilityModule, type Logger, type Tracing } from '@countersign/observability';
import { MetaproModule } from '@countersign/metapro';
import { XellarModule } from '@countersign/xellar';
import { ProfilesModule } from '@countersign/profiles';
import { ListingsModule } from '@countersign/listings';
import { ReferralsModule } from '@countersign/referrals';
import { SendingModule } from '@countersign/sending';
import { SessionsModule } from '@countersign/sessions';
import { TeamsModule } from '@countersign/teams';
import { TonHistoryModule } from '@countersign/ton-history';
import { CustodyClientModule } from '@countersign/custody-client';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { WalletsModule } from '@countersign/linked-wallets';
import { UsersModule } from '@countersign/users';
import { WebhooksModule } from '@countersign/webhooks';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { EvmIndexerModule } from '@countersign/evm-indexer';
import { GatewayModule } from '@countersign/gateway';
import { ImportsModule } from '@countersign/imports';
import { InvitationsModule } from '@countersign/invitations';
import { IssuerModule } from '@countersign/issuer';
import './features';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { MetricsModule } from './metrics/metrics.module';
import { Startup } from './startup';

/** The composition root of the microservice. */
@Module({
  imports: [
    // The technical floor
    ClockModule,
    DatabaseModule,
    JobsModule,
    KeysModule,
    LedgerModule,
    LimitsModule,
    // The business
    ApplicationsModule,
    AdminChainsModule,
    UsersModule,
    SessionsModule,
    AuthModule,
    ProfilesModule,
    AccountModule,
    TeamsModule,
    WalletsModule,
    EmbeddedWalletsModule,
    SendingModule,
    WalletReadingModule,
    TonHistoryModule,
    EvmIndexerModule,
    CustodyClientModule,
    ImportsModule,
    InvitationsModule,
    ReferralsModule,
    ListingsModule,
    LeaderboardsModule,
    IssuerModule,
    GatewayModule,
    OAuthModule,
    AuditModule,
    AdminModule,
    ConsoleModule,
    WebhooksModule,
    // APIs of other services
    MetaproModule,
    XellarModule,
    MetricsModule,
  ],
  controllers: [HealthController],
  providers: [HealthService, Startup],
})
export class AppModule {
  /** @param additions what a launcher for development adds to the product */
  static of(
    configuration: Configuration,
    logger: Logger,
    tracing: Tracing = noTracing,
    additions: readonly DynamicModule[] = [],
  ): DynamicModule {
    if (additions.length > 0 && configuration.nodeEnv === 'production')
      throw new Error('Nothing is added to the product in production.');
    return {
      module: AppModule,
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger, tracing), ...additions],
    };
  }
}
