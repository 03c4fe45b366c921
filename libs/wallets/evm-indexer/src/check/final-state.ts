import { Injectable } from '@nestjs/common';
import { EvmNodes, fromNodes, NodeError, type Chain, type EvmNode, type RpcCall } from '@countersign/chains';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { decodeUint256, readHash, readNumber, type Address, type Asset } from '@countersign/evm-blocks';
import { fieldsOf, resultsOf } from './results';

export interface Block {
  readonly number: number;
  readonly hash: string;
}

const TIME_LIMIT_MS = 3 * SECOND;
const GAS = '0xf4240';

/** What two nodes say at the last final block, or the only one. */
@Injectable()
export class FinalState {
  private readonly limits: { readonly timeLimitMs: number };

  constructor(
    private readonly nodes: EvmNodes,
    { patience }: Configuration,
  ) {
    this.limits = { timeLimitMs: TIME_LIMIT_MS * patience };
  }

  /** The last block that both call final. `null`: too few nodes answer, or they have other blocks. */
  async block(chain: Chain): Promise<Block | null> {
    return orNull(async () => {
      const said = await fromNodes(this.nodes.of(chain.id), async (node) => {
        const [final, head] = await this.blocks(node, ['finalized', 'latest']);
        const confirmed = head && hexOf(Math.max(0, head.number - chain.confirmations));
        const block = final ?? (confirmed && (await this.blocks(node, [confirmed]))[0]);
        if (!block) throw new NodeError('away', { reason: 'no_final_block' });
        return { node, block };
      });
      const lowest = said.map(({ block }) => block).toSorted((one, other) => one.number - other.number)[0];
      if (!lowest) return null;
      const same = await Promise.all(said.map(({ node }) => this.blocks(node, [hexOf(lowest.number)])));
      return same.every(([block]) => block?.hash === lowest.hash) ? lowest : null;
    });
  }

  /** In base units and in the order of the assets. `null`: nodes differ, or have no amount. */
  async amounts(
    chain: Chain,
    wallet: Address,
    assets: readonly Asset[],
    block: Block | null,
  ): Promise<readonly (bigint | null)[]> {
    if (assets.length === 0 || block === null) return [];
    const at = { blockHash: block.hash, requireCanonical: true };
    const calls = assets.map((asset) => callOf(asset, wallet, at));
    const said = await orNull(() =>
      fromNodes(this.nodes.of(chain.id), async (node) => resultsOf(await node.batch(calls, this.limits))),
    );
    return assets.map((asset, index) => {
      const [first = null, ...others] = said?.map((results) => amountOf(asset, wallet, results[index])) ?? [];
      return others.every((other) => other === first) ? first : null;
    });
  }

  private async blocks(node: EvmNode, tags: readonly string[]): Promise<readonly (Block | null)[]> {
    const calls = tags.map((tag) => ({ method: 'eth_getBlockByNumber', params: [tag, false] }));
    return resultsOf(await node.batch(calls, this.limits)).map((result) => {
      const number = readNumber(fieldsOf(result)['number']);
      const hash = readHash(fieldsOf(result)['hash']);
      return number === undefined || !hash ? null : { number, hash };
    });
  }
}

function callOf(asset: Asset, wallet: Address, block: unknown): RpcCall {
  if (asset.standard === 'native') return { method: 'eth_getBalance', params: [wallet, block] };
  const holder = wallet.slice(2).padStart(64, '0');
  const id = 'tokenId' in asset ? asset.tokenId.toString(16).padStart(64, '0') : '';
  // `ownerOf(id)` of a collectible: its `balanceOf` counts all of the contract.
  const data = {
    erc20: `0x70a08231${holder}`,
    erc721: `0x6352211e${id}`,
    erc1155: `0x00fdd58e${holder}${id}`,
  }[asset.standard];
  return { method: 'eth_call', params: [{ to: asset.contract, data, gas: GAS }, block] };
}

function amountOf({ standard }: Asset, wallet: Address, answer: unknown): bigint | null {
  if (typeof answer !== 'string') return null;
  // A balance is a quantity, a call answers 32 bytes.
  if (standard === 'native') return /^0x[0-9a-f]{1,64}$/.test(answer) ? BigInt(answer) : null;
  const word = decodeUint256(answer) ?? null;
  return word !== null && standard === 'erc721' ? BigInt(word === BigInt(wallet)) : word;
}

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NodeError) return null;
    throw error;
  }
}

function hexOf(number: number): string {
  return `0x${number.toString(16)}`;
}
