import { Injectable } from '@nestjs/common';
import {
  addressOfStack,
  fromNodes,
  nullIfAway,
  TonAccounts,
  TonIndexers,
  type Chain,
  type TonEndpoint,
} from '@countersign/chains';
import { Clock } from '@countersign/runtime';
import type { OwnWallet } from '@countersign/linked-wallets';
import { MAX_ASKED, NOT_ASKED } from '../amounts/node-amounts';
import { walletReadingError, type PageWanted, type WalletReader } from '../wallet-reader';
import { toBalance } from '../amounts/evm-asset';
import { toChainReading } from '../dto/chain.response';
import { type AssetResponse } from '../dto/asset.response';
import { type BalanceResponse, type ChainBalancesResponse } from '../dto/balances.response';
import { type CollectiblesPage } from '../dto/collectibles.response';
import { type TransactionsPage } from '../dto/transactions.response';
import { TwoEndpoints, oldest, type Said } from './asking/two-endpoints';
import { coinOf, listedJetton } from './answers/assets';
import { TonCollectibles } from './collectibles/ton-collectibles';
import { TonTransactions } from './history/ton-transactions';

/** Null if the contract is not the jetton wallet that its master names. */
async function heldBy(
  endpoint: TonEndpoint,
  wallet: string,
  owner: string,
  master: string,
): Promise<bigint | null> {
  const { state } = await endpoint.account(wallet);
  if (state === 'uninitialized') return 0n;
  if (state !== 'active') return null;
  const { exitCode, stack } = await endpoint.runGetMethod(wallet, 'get_wallet_data');
  const [balance, ofOwner, ofMaster] = stack;
  const isRight = addressOfStack(ofOwner) === owner && addressOfStack(ofMaster) === master;
  return exitCode === 0 && isRight && typeof balance === 'bigint' && balance >= 0n ? balance : null;
}

/** Reads TON wallets from two endpoints, if two are configured. */
@Injectable()
export class TonReader implements WalletReader {
  constructor(
    private readonly ton: TonAccounts,
    private readonly indexers: TonIndexers,
    private readonly endpoints: TwoEndpoints,
    private readonly history: TonTransactions,
    private readonly items: TonCollectibles,
    private readonly clock: Clock,
  ) {}

  reads({ kind, mayNameAddresses }: Chain): boolean {
    return kind === 'ton' && mayNameAddresses;
  }

  async balances({ address }: OwnWallet, chain: Chain): Promise<ChainBalancesResponse> {
    const asked = chain.tokens.slice(0, MAX_ASKED);
    const [asOf, coin, jettons] = await Promise.all([
      this.headOf(chain),
      this.endpoints.ask(chain, async (endpoint) => (await endpoint.account(address)).balance),
      Promise.all(asked.map((token) => this.jetton(chain, address, token.address))),
    ]);
    const notAsked = chain.tokens.slice(MAX_ASKED);
    const isAway = [coin, ...jettons].some(({ reason }) => reason === 'away');
    const staleSince = isAway || asOf === null ? this.clock.now() : null;
    return {
      ...toChainReading(chain, { final: asOf, staleSince, isComplete: false }),
      balances: [
        balanceOf(coinOf(chain), coin),
        ...jettons.flatMap((said, index) => {
          const token = asked[index];
          return token ? [balanceOf(listedJetton(chain, token), said)] : [];
        }),
        ...notAsked.map((token) => toBalance(listedJetton(chain, token), NOT_ASKED)),
      ],
    };
  }

  async transactions({ address }: OwnWallet, chain: Chain, page: PageWanted): Promise<TransactionsPage> {
    if (chain.indexerCount === 0) throw walletReadingError('wallet.chain_not_followed');
    return this.history.page(chain, address, page);
  }

  async collectibles({ address }: OwnWallet, chain: Chain, page: PageWanted): Promise<CollectiblesPage> {
    if (chain.indexerCount === 0) throw walletReadingError('wallet.chain_not_followed');
    return this.items.page(chain, address, page);
  }

  /** In base units of the jetton. `owner` and `master` are raw. */
  private async jetton(chain: Chain, owner: string, master: string): Promise<Said<bigint>> {
    const { value: wallet, ...unknown } = await this.endpoints.jettonWallet(chain, owner, master);
    if (wallet === null) return { ...unknown, value: null };
    return this.endpoints.ask(chain, (endpoint) => heldBy(endpoint, wallet, owner, master));
  }

  private async headOf(chain: Chain) {
    const heads = await fromNodes(this.ton.of(chain.id), (endpoint) => endpoint.head()).catch(nullIfAway);
    return oldest(heads ?? []);
  }
}

/** Endpoints answer for blocks in the masterchain, which are final. */
function balanceOf(asset: AssetResponse, { value: amount, ...said }: Said<bigint>): BalanceResponse {
  return toBalance(asset, { amount, ...said });
}
