import { Count, Nested, Text } from '@countersign/http';
import { BlockResponse, HASH } from '@countersign/wallet-reading';
import type { ChainReset } from '../chain-resets';

/** Exact in JSON. */
export const MAX_BLOCK = Number.MAX_SAFE_INTEGER;

export class ResetChainRequest {
  @Count(
    'The last block whose transactions stay: a final one from before a node began to lie. The blocks after it are read again.',
    23846056,
    { input: 'required', max: MAX_BLOCK },
  )
  lastBlock: number;
}

export class ChainResetResponse {
  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @Nested(BlockResponse, 'The last block that stays, as its nodes report it.', {
    schema: { example: { number: 23846056, hash: HASH } },
  })
  lastBlock: BlockResponse;

  @Count('How many entries of histories were removed. Those that the chain has come back.', 17)
  removedEntries: number;

  @Count('Of how many wallets.', 3)
  wallets: number;

  static of({ chainId, block, removedEntries, wallets }: ChainReset): ChainResetResponse {
    const { number, hash } = block;
    return { chainId, lastBlock: { number, hash }, removedEntries, wallets };
  }
}
