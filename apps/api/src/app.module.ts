import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/clock';
import { ConfigModule, type Configuration } from '@countersign/config';
import { DatabaseModule } from '@countersign/database';
import { EventsModule } from '@countersign/events';
import { GatewayModule } from '@countersign/gateway';
import { IssuerModule } from '@countersign/issuer';
import { JobsModule } from '@countersign/jobs';
import { KeysModule } from '@countersign/keys';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { OAuthModule } from '@countersign/oauth';
import { ObservabilityModule, type Logger } from '@countersign/observability';
import { OneTimeTokensModule } from '@countersign/one-time-tokens';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { FeaturesInUse } from './features';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { MetricsController } from './metrics/metrics.controller';
import { ServiceGauges } from './metrics/service-gauges';
import { Startup } from './startup';

/** The composition root of the microservice: login alone, to which `of` adds the features in use. */
@Module({
  imports: [
    // The technical floor
    AuditModule,
    ClockModule,
    DatabaseModule,
    DiscoveryModule,
    EventsModule,
    JobsModule,
    KeysModule,
    LedgerModule,
    LimitsModule,
    OneTimeTokensModule,
    // The business
    ApplicationsModule,
    UsersModule,
    SessionsModule,
    AuthModule,
    AccountModule,
    IssuerModule,
    GatewayModule,
    OAuthModule,
    AdminModule,
  ],
  controllers: [HealthController, MetricsController],
  providers: [HealthService, ServiceGauges, Startup],
})
export class AppModule {
  /** @param additions what a launcher for development adds to the product */
  static async of(
    configuration: Configuration,
    logger: Logger,
    additions: readonly DynamicModule[] = [],
  ): Promise<DynamicModule> {
    if (additions.length > 0 && configuration.nodeEnv === 'production')
      throw new Error('Nothing is added to the product in production.');
    const inUse = await FeaturesInUse.load(configuration.use);
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(configuration),
        ObservabilityModule.of(logger),
        ...inUse.modules,
        ...additions,
      ],
      providers: [{ provide: FeaturesInUse, useValue: inUse }],
    };
  }
}
