import { Module } from '@nestjs/common';
import { ChainsModule } from '@countersign/chains';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { ReceiptReader } from './check/receipts';
import { IndexerReader } from './indexer-reader';

@Module({
  imports: [ChainsModule, WalletReadingModule],
  providers: [IndexerReader, ReceiptReader],
})
export class EvmIndexerModule {}
