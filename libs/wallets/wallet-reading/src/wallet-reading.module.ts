import { Module } from '@nestjs/common';
import { ChainsModule } from '@countersign/chains';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { NodeAmounts } from './amounts/node-amounts';
import { TokenUnits } from './amounts/token-units';
import { ReceiptReader } from './evm/check/receipts';
import { IndexerReader } from './evm/indexer-reader';
import { TwoEndpoints } from './ton/asking/two-endpoints';
import { TonCollectibles } from './ton/collectibles/ton-collectibles';
import { TonTransactions } from './ton/history/ton-transactions';
import { TonReader } from './ton/ton-reader';
import { WalletReaders } from './wallet-readers';
import { WalletReadingController } from './wallet-reading.controller';

@Module({
  imports: [ChainsModule, SessionsModule, WalletsModule],
  controllers: [WalletReadingController],
  providers: [
    IndexerReader,
    NodeAmounts,
    ReceiptReader,
    TokenUnits,
    TonCollectibles,
    TonReader,
    TonTransactions,
    TwoEndpoints,
    WalletReaders,
  ],
  exports: [NodeAmounts, TokenUnits, WalletReaders],
})
export class WalletReadingModule {}
