import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@countersign/admin';
import { AuditModule } from '@countersign/audit';
import { ChainsModule } from '@countersign/chains';
import { JobsModule } from '@countersign/jobs';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { WalletsModule } from '@countersign/linked-wallets';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { ChainFollowersController } from './admin/chain-followers.controller';
import { ChainResets } from './admin/chain-resets';
import { ChainFollowers } from './follower/chain-followers';
import { FollowedAddresses } from './follower/followed-addresses';
import { FollowerStates } from './follower/follower-states';
import { ScanDeps } from './follower/scan-deps';
import { UnreadableWallets } from './follower/unreadable-wallets';
import { HistoryLimits } from './history-limits';
import { KnownTokenNames } from './names/known-tokens';
import { TokenNameAsker } from './names/token-name-asker';
import { TokenNamesUpkeep } from './names/token-names-upkeep';
import { WantedTokens } from './names/wanted-tokens';
import { FollowedChains } from './reading/followed-chains';
import { HistoryReader } from './reading/history-reader';
import { ScanReader } from './reading/scan-reader';
import { WalletBackFillEntity } from './store/back-fill.entity';
import { BackFillsRepository } from './store/back-fills.repository';
import {
  ChainBlockEntity,
  ChainPositionEntity,
  ChainStartEntity,
  WalletChainEntity,
} from './store/chain.entities';
import {
  PendingTransferEntity,
  WalletAssetEntity,
  OrphanedWalletEntity,
  WalletOmissionsEntity,
  WalletTransferEntity,
} from './store/history.entities';
import { HistoryRepository } from './store/history.repository';
import { PendingRepository } from './store/pending.repository';
import { PositionsRepository } from './store/positions.repository';
import { TokenNameKeyEntity, TokenNamesEntity } from './names/token-names.entities';
import { TokenNamesRepository } from './names/token-names.repository';

import { WalletChainsRepository } from './store/wallet-chains.repository';
import { WalletHistoryListener } from './wallet-history-listener';
import { WalletHistoryAccountData } from './wallet-history-account-data';

import { OrphanedRowsCleanup } from './orphaned-rows-cleanup';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ChainBlockEntity,
      ChainPositionEntity,
      ChainStartEntity,
      PendingTransferEntity,
      TokenNameKeyEntity,
      TokenNamesEntity,
      WalletAssetEntity,
      WalletBackFillEntity,
      WalletChainEntity,
      OrphanedWalletEntity,
      WalletOmissionsEntity,
      WalletTransferEntity,
    ]),
    AdminModule,
    AuditModule,
    ChainsModule,
    JobsModule,
    SessionsModule,
    UsersModule,
    WalletReadingModule,
    WalletsModule,
  ],
  controllers: [ChainFollowersController],
  providers: [
    KnownTokenNames,
    TokenNameAsker,
    TokenNamesRepository,
    TokenNamesUpkeep,
    WantedTokens,
    BackFillsRepository,
    ChainFollowers,
    ChainResets,
    FollowedAddresses,
    FollowedChains,
    FollowerStates,
    ScanDeps,
    HistoryReader,
    HistoryLimits,
    UnreadableWallets,
    ScanReader,
    HistoryRepository,
    PendingRepository,
    PositionsRepository,
    WalletChainsRepository,
    WalletHistoryAccountData,
    WalletHistoryListener,
    OrphanedRowsCleanup,
  ],
  exports: [
    ChainFollowers,
    ChainResets,
    FollowerStates,
    TokenNameAsker,
    TokenNamesUpkeep,
    OrphanedRowsCleanup,
  ],
})
export class WalletHistoryModule {}
