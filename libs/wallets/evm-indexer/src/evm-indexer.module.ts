import { Module } from '@nestjs/common';
import { ChainsModule } from '@countersign/chains';
import { FinalState } from './check/final-state';
import { ReceiptReader } from './check/receipts';
import { IndexerReader } from './indexer-reader';

@Module({ imports: [ChainsModule], providers: [FinalState, IndexerReader, ReceiptReader] })
export class EvmIndexerModule {}
