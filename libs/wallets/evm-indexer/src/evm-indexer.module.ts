import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { ChainsModule } from '@countersign/chains';
import { EventsModule } from '@countersign/events';
import { WalletsModule } from '@countersign/linked-wallets';
import { UsersModule } from '@countersign/users';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { ReceiptReader } from './check/receipts';
import { IndexerReader } from './indexer-reader';
import { WalletFollowEntity } from './transfers/wallet-follow.entity';
import { WalletFollowsRepository } from './transfers/wallet-follows.repository';
import { ReportedTransfers } from './transfers/reported-transfers';
import { TransferReader } from './transfers/transfer-reader';
import { WalletTransfers } from './transfers/wallet-transfers';

@Module({
  imports: [
    TypeOrmModule.forFeature([WalletFollowEntity]),
    ApplicationsModule,
    ChainsModule,
    EventsModule,
    UsersModule,
    WalletReadingModule,
    WalletsModule,
  ],
  providers: [
    IndexerReader,
    ReceiptReader,
    ReportedTransfers,
    TransferReader,
    WalletFollowsRepository,
    WalletTransfers,
  ],
  exports: [WalletTransfers],
})
export class EvmIndexerModule {}
