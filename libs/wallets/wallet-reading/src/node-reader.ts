import { Injectable } from '@nestjs/common';
import { FinalBlocks, type Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { AskedAsset } from './amounts/asset-calls';
import { toEvmAsset } from './amounts/evm-asset';
import { NodeAmounts, type Amounts } from './amounts/node-amounts';
import type { BalanceResponse, ChainBalancesResponse } from './dto/balances.response';
import { unseenKinds } from './dto/chain.response';
import type { WalletReader } from './wallet-reader';
import { walletReadingError } from './wallet-reading.errors';

const COIN: AskedAsset = { standard: 'native', contract: null, tokenId: null };

/** Balances of the coin and of listed tokens at a final block, of chains that have no other reader. */
@Injectable()
export class NodeReader implements WalletReader {
  constructor(
    private readonly finalBlocks: FinalBlocks,
    private readonly amounts: NodeAmounts,
    private readonly clock: Clock,
  ) {}

  reads({ kind, mayNameAddresses }: Chain): boolean {
    return kind === 'evm' && mayNameAddresses;
  }

  async balances({ address }: OwnWallet, chain: Chain): Promise<ChainBalancesResponse> {
    const assets = [COIN, ...chain.tokens.map(toAsked)];
    const found = await this.finalBlocks.of(chain);
    const final = typeof found === 'string' ? null : { number: found.number, hash: found.hash };
    const asked = await this.amounts.amountsOf(chain, address, assets, { latest: final, final, since: null });
    const known = typeof found === 'string' ? asked.map((each) => ({ ...each, reason: found })) : asked;
    return {
      chainId: chain.id,
      name: chain.name,
      state: final ? 'following' : 'waiting',
      asOfBlock: final,
      finalBlock: final?.number ?? null,
      since: null,
      history: 'none',
      isComplete: false,
      hasGap: false,
      filledFrom: null,
      omittedTransfers: 0,
      staleSince: final ? null : this.clock.now().toISOString(),
      unseen: unseenKinds.filter((kind) => kind !== 'coins_before_since'),
      balances: assets.flatMap((asset, index) => toBalance(chain, asset, known[index])),
      notAsked: known.filter(({ reason }) => reason === 'not_asked').length,
    };
  }

  transactions(): never {
    throw walletReadingError('wallet.chain_not_followed');
  }

  collectibles(): never {
    throw walletReadingError('wallet.chain_not_followed');
  }
}

function toAsked({ address }: Chain['tokens'][number]): AskedAsset {
  return { standard: 'erc20', contract: address, tokenId: null };
}

function toBalance(chain: Chain, asset: AskedAsset, amounts: Amounts | undefined): BalanceResponse[] {
  if (!amounts) return [];
  const { amount, finalAmount, reason, verification } = amounts;
  return [
    {
      ...toEvmAsset(chain, asset),
      amount: amount?.toString() ?? null,
      finalAmount: finalAmount?.toString() ?? null,
      amountReason: reason,
      verification,
      change: '0',
      isChangeExact: null,
      finalChange: '0',
      isChangeFinal: true,
      unexplained: null,
      isHidden: false,
    },
  ];
}
