import { Module, type DynamicModule } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/clock';
import { ConfigModule, type Configuration } from '@countersign/config';
import { DatabaseModule } from '@countersign/database';
import { IssuerModule } from '@countersign/issuer';
import { KeysModule } from '@countersign/keys';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { ObservabilityModule, type Logger } from '@countersign/observability';
import { FeaturesInUse } from '../../api/src/features';

/** The business modules without HTTP. */
@Module({
  imports: [
    ClockModule,
    DatabaseModule,
    KeysModule,
    LedgerModule,
    LimitsModule,
    ApplicationsModule,
    AuthModule,
    AccountModule,
    IssuerModule,
    AdminModule,
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
