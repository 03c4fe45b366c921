import { Injectable } from '@nestjs/common';
import { FinalBlocks, type Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import type { OwnWallet } from '@countersign/linked-wallets';
import { listedAssets, toBalance, toEvmAsset } from './amounts/evm-asset';
import { NodeAmounts, NOT_ASKED } from './amounts/node-amounts';
import { toChainReading } from './chain-reading';
import type { ChainBalancesResponse } from './dto/balances.response';
import type { WalletReader } from './wallet-reader';
import { walletReadingError } from './wallet-reading.errors';

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
    const assets = listedAssets(chain);
    const found = await this.finalBlocks.of(chain);
    const final = typeof found === 'string' ? null : { number: found.number, hash: found.hash };
    const known = await this.amounts.atBlock(chain, address, assets, found);
    return {
      ...toChainReading(chain, {
        isComplete: false,
        final,
        staleSince: final ? null : this.clock.now(),
      }),
      balances: assets.map((asset, index) =>
        toBalance(toEvmAsset(chain, asset), known[index] ?? NOT_ASKED, false),
      ),
    };
  }

  transactions(): never {
    throw walletReadingError('wallet.chain_not_followed');
  }

  collectibles(): never {
    throw walletReadingError('wallet.chain_not_followed');
  }
}
