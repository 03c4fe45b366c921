import { Injectable } from '@nestjs/common';
import { Chains, chainUnavailable, FinalBlocks, tooFewNodes } from '@countersign/chains';
import { TokenUnits, walletReadingError } from '@countersign/wallet-reading';
import type { Units, WantedSend } from '../protocol/send-request';
import { xellarError } from '../xellar.errors';

/** Decimals of what calls name in whole coins and tokens. */
@Injectable()
export class XellarUnits {
  constructor(
    private readonly chains: Chains,
    private readonly blocks: FinalBlocks,
    private readonly tokens: TokenUnits,
  ) {}

  /**
   * Those of a token of ERC-20 are as the operator lists it, or as two nodes say that its contract says.
   * @throws AppError wallet.chain_not_followed, xellar.token_unknown, chain.unavailable
   */
  async of(chainId: string, { type, tokenAddress = '' }: WantedSend): Promise<Units> {
    const chain = this.chains.find(chainId);
    if (chain?.kind !== 'evm') throw walletReadingError('wallet.chain_not_followed');
    const coin = chain.currency.decimals;
    if (type !== 'send-token') return { coin, token: null };
    if (!/^0x[0-9a-f]{40}$/i.test(tokenAddress)) throw xellarError('xellar.token_unknown');
    const block = await this.blocks.of(chain, 'latest');
    const [unit] =
      typeof block === 'string' ? [] : await this.tokens.of(chain, [tokenAddress.toLowerCase()], block);
    if (!unit) throw chainUnavailable(tooFewNodes());
    if (unit.decimals === null) throw xellarError('xellar.token_unknown');
    return { coin, token: unit.decimals };
  }
}
