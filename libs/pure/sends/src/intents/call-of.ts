import type { EvmAddress } from '@countersign/wallet-proofs';
import type { Hex } from 'viem';
import { encodeFunctionData, parseAbi } from 'viem/utils';
import type { EvmSendIntent } from './send-intent';

/** What a transaction does, without its nonce, gas and fees. */
export interface SendCall {
  readonly to: EvmAddress;
  readonly value: bigint;
  readonly data: Hex;
}

const erc20 = parseAbi(['function transfer(address to, uint256 value)']);
const erc721 = parseAbi(['function safeTransferFrom(address from, address to, uint256 tokenId)']);
const erc1155 = parseAbi([
  'function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data)',
]);

/** The call by which the wallet does what the intent says. @param from the wallet that sends */
export function callOf(intent: EvmSendIntent, from: EvmAddress): SendCall {
  switch (intent.kind) {
    case 'coin':
      return { to: intent.to, value: intent.amount, data: '0x' };
    case 'token':
      return {
        to: intent.token,
        value: 0n,
        data: encodeFunctionData({ abi: erc20, args: [intent.to, intent.amount] }),
      };
    case 'collectible': {
      const { standard, contract, to, tokenId, amount } = intent;
      const data =
        standard === 'erc721'
          ? encodeFunctionData({ abi: erc721, args: [from, to, tokenId] })
          : encodeFunctionData({ abi: erc1155, args: [from, to, tokenId, amount, '0x'] });
      return { to: contract, value: 0n, data };
    }
    case 'call':
      return { to: intent.contract, value: intent.value, data: intent.data };
  }
}
