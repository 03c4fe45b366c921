import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { EventsModule } from '@countersign/events';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AddressDigestWork } from './digests/address-digest-work';
import { AddressDigestsRepository } from './digests/address-digests.repository';
import { WalletDirectory } from './admin/wallet-directory';
import { WalletOperations } from './admin/wallet-operations';
import { AdminUserWalletsController, AdminWalletsController } from './admin/wallets.controller';
import { ApplicationConnections } from './own/application-connections';
import { OwnWallets } from './own/own-wallets.service';
import { ConnectedWallets } from './own/connected-wallets';
import { WalletAddresses } from './wallet-addresses';
import { WalletKeys } from './keys/wallet-keys';
import { WalletKeysRepository } from './keys/wallet-keys.repository';
import { WalletLinksController } from './own/wallet-links.controller';
import { WalletRecords } from './wallet-records';
import { WalletRegister } from './wallet-register';
import { WalletAddressDigestEntity, WalletEntity } from './store/wallet.entity';
import { WalletsOfIdentities } from './wallets-of-identities';
import { WalletsController } from './own/wallets.controller';
import { WalletSignInModule } from './proofs/wallet-sign-in.module';
import { WalletsRepository } from './store/wallets.repository';
import { WalletsAccountData } from './wallets-account-data';

@Module({
  imports: [
    TypeOrmModule.forFeature([WalletEntity, WalletAddressDigestEntity]),
    AccountModule,
    AdminModule,
    AuditModule,
    AuthModule,
    DiscoveryModule,
    EventsModule,
    SessionsModule,
    UsersModule,
    WalletSignInModule,
  ],
  controllers: [
    AdminUserWalletsController,
    AdminWalletsController,
    // Before the routes of one wallet: `links` is no id.
    WalletLinksController,
    WalletsController,
  ],
  providers: [
    AddressDigestsRepository,
    AddressDigestWork,
    ApplicationConnections,
    ConnectedWallets,
    OwnWallets,
    WalletAddresses,
    WalletDirectory,
    WalletKeys,
    WalletKeysRepository,
    WalletOperations,
    WalletRecords,
    WalletRegister,
    WalletsOfIdentities,
    WalletsAccountData,
    WalletsRepository,
  ],
  exports: [
    ConnectedWallets,
    ApplicationConnections,
    OwnWallets,
    WalletAddresses,
    WalletKeys,
    WalletRecords,
    WalletRegister,
  ],
})
export class WalletsModule {}
