import { Module, type DynamicModule } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/clock';
import { ConfigModule, type Configuration } from '@countersign/config';
import { DatabaseModule } from '@countersign/database';
import { EventsModule } from '@countersign/events';
import { IssuerModule } from '@countersign/issuer';
import { JobsModule } from '@countersign/jobs';
import { KeysModule } from '@countersign/keys';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { ObservabilityModule, type Logger } from '@countersign/observability';
import { OneTimeTokensModule } from '@countersign/one-time-tokens';
import { FeaturesInUse } from '../../api/src/features';

/** The business modules without HTTP. */
@Module({
  imports: [
    AdminModule,
    AuditModule,
    ClockModule,
    DatabaseModule,
    EventsModule,
    JobsModule,
    KeysModule,
    LedgerModule,
    LimitsModule,
    OneTimeTokensModule,
    ApplicationsModule,
    AuthModule,
    AccountModule,
    IssuerModule,
  ],
})
export class CliModule {
  static async of(configuration: Configuration, logger: Logger): Promise<DynamicModule> {
    const inUse = await FeaturesInUse.load(configuration.use);
    return {
      module: CliModule,
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ...inUse.modules],
      providers: [{ provide: FeaturesInUse, useValue: inUse }],
    };
  }
}
