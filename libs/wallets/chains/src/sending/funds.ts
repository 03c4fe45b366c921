import type { EvmNode } from '../evm/evm-node';
import { readAmount, readQuantity, readWord } from '../evm/quantities';
import { malformed } from '../node-error';
import { resultOf, type RequestLimits, type RpcCall } from '../rpc/json-rpc';

/** What an address has after a block. */
export interface FundsThen {
  /** Of the next transaction: those before are in what is left. */
  readonly nonce: number;
  readonly coins: bigint;
  /** By contract. */
  readonly tokens: ReadonlyMap<string, bigint>;
}

export interface Funds {
  readonly latest: FundsThen;
  /** After a block that has the wanted number of others on top. */
  readonly deep: FundsThen;
}

const BALANCE_OF = '0x70a08231';

/** @throws NodeError, also where the node does not have the state of the deeper block */
export async function fundsAt(
  node: EvmNode,
  {
    address,
    tokens,
    depth,
  }: { readonly address: string; readonly tokens: readonly string[]; readonly depth: number },
  limits: RequestLimits,
): Promise<Funds> {
  const head =
    readQuantity(await node.request('eth_blockNumber', [], limits)) ?? malformed('no_block_number');
  // By number, so that all answers are about one block.
  const blocks = [head, Math.max(0, head - depth)].map((number) => `0x${number.toString(16)}`);
  const answers = await node.batch(
    blocks.flatMap((block) => callsAt(block, address, tokens)),
    limits,
  );
  const results = answers.map(resultOf);
  const size = results.length / 2;
  return {
    latest: readFunds(results.slice(0, size), tokens),
    deep: readFunds(results.slice(size), tokens),
  };
}

function callsAt(block: string, address: string, tokens: readonly string[]): readonly RpcCall[] {
  const data = `${BALANCE_OF}${address.slice(2).padStart(64, '0')}`;
  return [
    { method: 'eth_getTransactionCount', params: [address, block] },
    { method: 'eth_getBalance', params: [address, block] },
    ...tokens.map((to) => ({ method: 'eth_call', params: [{ to, data }, block] })),
  ];
}

function readFunds([nonce, coins, ...amounts]: readonly unknown[], tokens: readonly string[]): FundsThen {
  return {
    nonce: readQuantity(nonce) ?? malformed('no_nonce'),
    coins: readAmount(coins) ?? malformed('no_balance'),
    tokens: new Map(tokens.map((token, index) => [token, readBalance(amounts[index])])),
  };
}

/** A contract that is not there yet answers nothing. */
function readBalance(result: unknown): bigint {
  return result === '0x' ? 0n : (readWord(result) ?? malformed('no_token_balance'));
}
