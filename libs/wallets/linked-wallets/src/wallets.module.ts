import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule, linkControllerOf } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ChainsModule } from '@countersign/chains';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AddressDigestWork, AddressDigestsRepository } from './digests/address-digests.repository';
import { WalletOperations } from './admin/wallet-operations';
import { AdminWalletsController } from './admin/wallets.controller';
import { ApplicationConnections } from './own/application-connections';
import {
  JoinPageController,
  WalletJoinsController,
  WalletMergesController,
} from './joins/wallet-joins.controller';
import { WalletJoins } from './joins/wallet-joins.service';
import { WalletMerges } from './joins/wallet-merges.service';
import { EvmWallets } from './proofs/evm-wallets';
import { TonWallets } from './proofs/ton-wallets';
import {
  WalletChallengeController,
  WalletSignInChallengeController,
  WalletSignInController,
} from './proofs/wallet-challenge.controllers';
import { WalletChallengeService } from './proofs/wallet-challenge.service';
import { WalletChallenges, WalletLimits } from './proofs/wallet-challenges';
import { WalletSignatureStrategy } from './strategies/wallet-signature.strategy';
import { WalletSignatureDoor } from './proofs/wallet-signature.door';
import { OwnWallets } from './own/own-wallets.service';
import { WalletClaims } from './own/wallet-claims';
import { ConnectedWallets } from './own/connected-wallets';
import { WalletKeys } from './wallet-keys';
import { WalletLinksController, WalletsController } from './own/wallets.controller';
import { WalletRecords } from './wallet-records';
import { WalletRegister } from './wallet-register';
import { WalletAddressDigestEntity, WalletEntity } from './store/wallet.entity';
import { WalletsOfIdentities } from './wallets-of-identities';
import { WalletsRepository } from './store/wallets.repository';
import { WalletsAccountData } from './wallets-account-data';
import { walletOperations } from './own/wallet-operations';
import {
  walletEvents,
  walletIdentityProviders,
  walletMethods,
  walletScopes,
  walletSettings,
} from './linked-wallets.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([WalletAddressDigestEntity, WalletEntity]),
    AccountModule,
    ApplicationsModule,
    AuthModule,
    ChainsModule,
    DiscoveryModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [
    WalletChallengeController,
    WalletSignInChallengeController,
    WalletSignInController,
    linkControllerOf(WalletSignatureDoor),
    JoinPageController,
    WalletJoinsController,
    WalletMergesController,
    AdminWalletsController,
    // It stands before the routes of one wallet, because `links` is no id.
    WalletLinksController,
    WalletsController,
  ],
  providers: [
    AddressDigestsRepository,
    AddressDigestWork,
    ApplicationConnections,
    ConnectedWallets,
    EvmWallets,
    OwnWallets,
    WalletClaims,
    TonWallets,
    WalletChallenges,
    WalletChallengeService,
    WalletJoins,
    WalletKeys,
    WalletLimits,
    WalletMerges,
    WalletOperations,
    WalletRecords,
    WalletRegister,
    WalletSignatureDoor,
    WalletSignatureStrategy,
    WalletsOfIdentities,
    WalletsAccountData,
    WalletsRepository,
  ],
  exports: [
    ConnectedWallets,
    ApplicationConnections,
    OwnWallets,
    WalletJoins,
    WalletKeys,
    WalletRecords,
    WalletRegister,
  ],
})
export class WalletsModule {
  static readonly defines = {
    doors: [WalletSignatureDoor],
    events: walletEvents,
    scopes: walletScopes,
    settings: [walletSettings],
    loginMethods: walletMethods,
    identityProviders: walletIdentityProviders,
    operations: walletOperations,
  };
}
