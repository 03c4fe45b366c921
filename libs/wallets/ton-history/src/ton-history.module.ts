import { Module } from '@nestjs/common';
import { ChainsModule } from '@countersign/chains';
import { TwoEndpoints } from './asking/two-endpoints';
import { TonReader } from './ton-reader';
import { TonCollectibles } from './collectibles/ton-collectibles';
import { TonTransactions } from './history/ton-transactions';

/** TON, as endpoints and indexers answer at the time of the request: nothing of it is stored. */
@Module({
  imports: [ChainsModule],
  providers: [TonCollectibles, TonReader, TonTransactions, TwoEndpoints],
})
export class TonHistoryModule {}
