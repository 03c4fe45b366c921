import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ChainsModule } from '@countersign/chains';
import { ClockModule } from '@countersign/clock';
import { ConfigModule, type Configuration } from '@countersign/config';
import { CustodyClientModule } from '@countersign/custody-client';
import { DatabaseModule } from '@countersign/database';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { EvmIndexerModule } from '@countersign/evm-indexer';
import { SendingModule } from '@countersign/sending';
import { XellarModule } from '@countersign/xellar';
import { ImportsModule } from '@countersign/imports';
import { InvitationsModule } from '@countersign/invitations';
import { IssuerModule } from '@countersign/issuer';
import { KeysModule } from '@countersign/keys';
import { LeaderboardsModule } from '@countersign/leaderboards';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { ListingsModule } from '@countersign/listings';
import { ObservabilityModule, type Logger } from '@countersign/observability';
import { ReferralsModule } from '@countersign/referrals';
import { TeamsModule } from '@countersign/teams';
import { WalletsModule } from '@countersign/linked-wallets';
import { WebhooksModule } from '@countersign/webhooks';

/** The business modules without HTTP. */
@Module({
  imports: [
    ClockModule,
    DatabaseModule,
    KeysModule,
    LedgerModule,
    LimitsModule,
    ApplicationsModule,
    ChainsModule,
    AuthModule,
    AccountModule,
    IssuerModule,
    AdminModule,
    TeamsModule,
    WalletsModule,
    EmbeddedWalletsModule,
    EvmIndexerModule,
    SendingModule,
    XellarModule,
    CustodyClientModule,
    ImportsModule,
    InvitationsModule,
    ReferralsModule,
    ListingsModule,
    LeaderboardsModule,
    WebhooksModule,
  ],
})
export class CliModule {
  /** @param additions modules that are no part of the product */
  static of(configuration: Configuration, logger: Logger, additions: readonly Type[] = []): DynamicModule {
    return {
      module: CliModule,
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ...additions],
    };
  }
}
