import { Injectable } from '@nestjs/common';
import { EvmNodes, NodeError, type Chain, type RpcAnswer, type RpcCall } from '@countersign/chains';
import { decodeUint256 } from '@countersign/evm-blocks';
import type { AssetKey } from '../entry';

/** What a node says that a wallet has of an asset, in base units. */
export interface NodeBalance {
  /** At the block that was read last. */
  readonly amount: bigint;
  /** Before the first block that was read. `null` where the node no longer knows that state. */
  readonly before: bigint | null;
}

const BALANCE_OF = '0x70a08231';
const TIMEOUT_MS = 3_000;
/** Of one answer. */
export const MAX_ASKED = 50;

/** Asks nodes what an address has: only those that may learn it. */
@Injectable()
export class NodeBalances {
  constructor(private readonly nodes: EvmNodes) {}

  /** @returns in the order of the assets; `null` where no node answered, and for those after the first 50 */
  async of(
    chain: Chain,
    address: string,
    assets: readonly AssetKey[],
    at: { readonly hash: string; readonly fromBlock: number | null },
  ): Promise<readonly (NodeBalance | null)[]> {
    if (!chain.mayNameAddresses || assets.length === 0) return assets.map(() => null);
    const asked = assets.slice(0, MAX_ASKED);
    const now = { blockHash: at.hash, requireCanonical: true };
    const before = at.fromBlock === null ? null : `0x${Math.max(0, at.fromBlock - 1).toString(16)}`;
    const calls = asked.map((asset) => callOf(asset, address, now));
    const callsBefore = before === null ? [] : asked.map((asset) => callOf(asset, address, before));
    try {
      const answers = await this.nodes.batch(chain.id, [...calls, ...callsBefore], {
        timeLimitMs: TIMEOUT_MS,
      });
      return assets.map((_, index) => {
        const amount = index < asked.length ? numberOf(answers[index]) : null;
        const earlier = before === null ? null : numberOf(answers[asked.length + index]);
        return amount === null ? null : { amount, before: earlier };
      });
    } catch (error) {
      if (error instanceof NodeError) return assets.map(() => null);
      throw error;
    }
  }
}

function callOf({ contract }: AssetKey, address: string, block: unknown): RpcCall {
  if (contract === null) return { method: 'eth_getBalance', params: [address, block] };
  const data = `${BALANCE_OF}${address.slice(2).padStart(64, '0')}`;
  return { method: 'eth_call', params: [{ to: contract, data, gas: '0xf4240' }, block] };
}

function numberOf(answer: RpcAnswer | undefined): bigint | null {
  if (!answer?.ok || typeof answer.result !== 'string') return null;
  // A balance is a quantity, a call answers 32 bytes.
  const { result } = answer;
  if (/^0x(0|[1-9a-f][0-9a-f]{0,63})$/.test(result) && result.length < 66) return BigInt(result);
  return decodeUint256(result) ?? null;
}
