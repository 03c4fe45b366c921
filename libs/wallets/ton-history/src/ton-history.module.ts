import { Module } from '@nestjs/common';
import { ChainsModule } from '@countersign/chains';
import { JettonWallets } from './asking/jetton-wallets';
import { TwoEndpoints } from './asking/two-endpoints';
import { TonBalances } from './balances/ton-balances';
import { ItemChecks } from './collectibles/item-checks';
import { TonCollectibles } from './collectibles/ton-collectibles';
import { TonTransactions } from './history/ton-transactions';
import { TonReader } from './ton-reader';

/** TON, as endpoints and indexers answer at the time of the request: nothing of it is stored. */
@Module({
  imports: [ChainsModule],
  providers: [
    ItemChecks,
    JettonWallets,
    TonBalances,
    TonCollectibles,
    TonReader,
    TonTransactions,
    TwoEndpoints,
  ],
})
export class TonHistoryModule {}
