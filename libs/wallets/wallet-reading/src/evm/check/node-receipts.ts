import type { Chain, EvmNode } from '@countersign/chains';
import {
  decodeDecimals,
  readHash,
  readNumber,
  readTransaction,
  transfersOf,
  type Address,
  type CheckedTransaction,
  type Hash,
  type Transfer,
} from '@countersign/transfers';
import type { IndexedEntry } from '../lists/entries';

/** A transaction in a block that the node has under its number. */
export interface SeenTransaction {
  /** Unix seconds. */
  readonly at: number;
  readonly transaction: CheckedTransaction;
  /** Only the wallet's transfers. */
  readonly transfers: readonly Transfer[];
}

/** Missing entries are those that the node did not answer. */
export interface NodeReceipts {
  readonly transactions: ReadonlyMap<Hash, SeenTransaction>;
  readonly blockHashes: ReadonlyMap<number, Hash>;
  /** The keys are token contracts. */
  readonly decimals: ReadonlyMap<Address, number>;
}

interface ReadOf {
  readonly chain: Chain;
  readonly headers: ReadonlyMap<number, unknown>;
  readonly wallet: Address;
}

const DECIMALS = '0x313ce567';
const GAS = '0x186a0';

export async function readReceipts(
  node: EvmNode,
  wallet: Address,
  entries: readonly IndexedEntry[],
): Promise<NodeReceipts> {
  const hashes = entries.map(({ position }) => position.hash);
  const numbers = [...new Set(entries.map(({ position }) => position.number))];
  const tokens = [...new Set(entries.flatMap(({ logs }) => logs.flatMap(({ asset }) => tokenOf(asset))))];
  const calls = [
    ...numbers.map((number) => callOf('eth_getBlockByNumber', `0x${number.toString(16)}`, false)),
    ...tokens.map((to) => callOf('eth_call', { to, data: DECIMALS, gas: GAS }, 'latest')),
    ...hashes.map((hash) => callOf('eth_getTransactionByHash', hash)),
    ...hashes.map((hash) => callOf('eth_getTransactionReceipt', hash)),
  ];
  const answers = (await node.batch(calls)).map((answer) => (answer.ok ? (answer.result ?? null) : null));
  const results = answers.values();
  const next = (): unknown => results.next().value;
  const headers = new Map(numbers.map((number) => [number, next()]));
  const decimals = tokens.map((token) => [token, decodeDecimals(String(next()))] as const);
  const sent = hashes.map(next);
  const seen = sent.map((raw) => readSeen(raw, next(), { chain: node.chain, headers, wallet }));
  return {
    blockHashes: known([...headers].map(([number, header]) => [number, readHash(fieldsOf(header)['hash'])])),
    decimals: known(decimals),
    transactions: known(hashes.map((hash, index) => [hash, seen[index]])),
  };
}

function readSeen(
  raw: unknown,
  receipt: unknown,
  { chain, headers, wallet }: ReadOf,
): SeenTransaction | undefined {
  const transaction = readTransaction(raw, receipt, chain.reference);
  const header = fieldsOf(transaction && headers.get(transaction.blockNumber));
  const at = readNumber(header['timestamp']);
  if (!transaction || at === undefined || readHash(header['hash']) !== transaction.blockHash)
    return undefined;
  return { at, transaction, transfers: transfersOf(transaction, wallet) };
}

function tokenOf(asset: Transfer['asset']): readonly Address[] {
  return asset.standard === 'erc20' ? [asset.contract] : [];
}

function callOf(method: string, ...params: readonly unknown[]) {
  return { method, params };
}

function known<K, V>(pairs: readonly (readonly [K, V | undefined])[]): ReadonlyMap<K, V> {
  return new Map(pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
