import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { ChainsModule } from '@countersign/chains';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { ActReading } from './acts/act-reading';
import { WalletActsUpkeep } from './acts/wallet-acts-upkeep';
import { WalletSigning } from './acts/wallet-signing';
import { WalletTokens } from './acts/wallet-tokens';
import { Custody } from './custody';
import { EmbeddedWalletsController } from './own/embedded-wallets.controller';
import { EmbeddedWallets } from './own/embedded-wallets.service';
import { EmbeddedWalletEntity, WalletGrantEntity } from './store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from './store/embedded-wallets.repository';
import { WalletActEntity } from './store/wallet-act.entity';
import { WalletActsRepository } from './store/wallet-acts.repository';

/** Wallets whose keys the custody process has. */
@Module({
  imports: [
    TypeOrmModule.forFeature([EmbeddedWalletEntity, WalletActEntity, WalletGrantEntity]),
    AccountModule,
    ApplicationsModule,
    AuditModule,
    ChainsModule,
    SessionsModule,
    UsersModule,
    WalletsModule,
  ],
  controllers: [EmbeddedWalletsController],
  providers: [
    ActReading,
    Custody,
    EmbeddedWallets,
    EmbeddedWalletsRepository,
    WalletActsRepository,
    WalletActsUpkeep,
    WalletSigning,
    WalletTokens,
  ],
  exports: [EmbeddedWallets],
})
export class EmbeddedWalletsModule {}
