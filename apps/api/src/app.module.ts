import { Module, type DynamicModule } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/clock';
import { ConfigModule, type Configuration } from '@countersign/config';
import { DatabaseModule } from '@countersign/database';
import { JobsModule } from '@countersign/jobs';
import { ObservabilityModule, type Logger } from '@countersign/observability';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { Startup } from './startup';

/** The composition root of the microservice. */
@Module({
  imports: [
    // The technical floor
    ClockModule,
    DatabaseModule,
    JobsModule,
    // The business
    ApplicationsModule,
    UsersModule,
    SessionsModule,
    AuthModule,
    AccountModule,
    AuditModule,
  ],
  controllers: [HealthController],
  providers: [HealthService, Startup],
})
export class AppModule {
  static of(configuration: Configuration, logger: Logger): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger)] };
  }
}
