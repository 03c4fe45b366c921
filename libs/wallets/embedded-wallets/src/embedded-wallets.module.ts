import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { ChainsModule } from '@countersign/chains';
import { CustodyClientModule } from './custody/custody-client.module';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { EmbeddedWalletsAccountData } from './account-data/embedded-wallets-account-data';
import { ActMetrics } from './acts/act-metrics';
import { ActRules, WalletAccess } from './acts/act-rules';
import { ConsentActs } from './acts/consent-acts.service';
import { CompatSigning, WalletSigning } from './acts/wallet-signing';
import { WalletActs } from './acts/wallet-acts.service';
import { WalletExports } from './acts/wallet-exports';
import { Custody } from './custody';
import { AdminCustodyController, AdminEmbeddedWalletsController } from './admin/custody.controller';
import { RestoredDatabase } from './freezing/restored-database';
import { WalletDestruction } from './freezing/wallet-destruction';
import { WalletFreezing, WalletGauges } from './freezing/wallet-freezing';
import { EmbeddedStates } from './own/embedded-state.service';
import { EmbeddedWalletsController } from './own/embedded-wallets.controller';
import { EmbeddedWallets, WalletCreation } from './own/embedded-wallets.service';
import { ForeignUse } from './own/foreign-use';
import {
  EmbeddedWalletEntity,
  WalletDatabaseEntity,
  WalletDestructionEntity,
} from './store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from './store/embedded-wallets.repository';
import { WalletActEntity } from './store/wallet-act.entity';
import { embeddedWalletOperations } from './acts/acts';
import { embeddedWalletEvents, embeddedWalletSettings } from './embedded-wallets.feature';

const used = [
  ActMetrics,
  ConsentActs,
  Custody,
  EmbeddedWallets,
  CompatSigning,
  ForeignUse,
  RestoredDatabase,
  WalletAccess,
  WalletFreezing,
  WalletSigning,
  WalletActs,
];

@Module({
  imports: [
    TypeOrmModule.forFeature([
      EmbeddedWalletEntity,
      WalletActEntity,
      WalletDatabaseEntity,
      WalletDestructionEntity,
    ]),
    AccountModule,
    ApplicationsModule,
    ChainsModule,
    CustodyClientModule,
    SessionsModule,
    UsersModule,
    WalletsModule,
  ],
  controllers: [AdminCustodyController, AdminEmbeddedWalletsController, EmbeddedWalletsController],
  providers: [
    ...used,
    ActRules,
    EmbeddedStates,
    EmbeddedWalletsAccountData,
    EmbeddedWalletsRepository,
    WalletCreation,
    WalletDestruction,
    WalletExports,
    WalletGauges,
  ],
  exports: used,
})
export class EmbeddedWalletsModule {
  static readonly defines = {
    events: embeddedWalletEvents,
    settings: [embeddedWalletSettings],
    operations: embeddedWalletOperations,
  };
}
