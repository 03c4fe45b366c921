import { Injectable } from '@nestjs/common';
import { EvmNodes, NodeError, type Chain } from '@countersign/chains';
import {
  decodeDecimals,
  expected,
  readHash,
  readNumber,
  readTransaction,
  rulesOfChain,
  transfersOf,
  type Address,
  type ChainRules,
  type CheckedTransaction,
  type Hash,
  type Transfer,
} from '@countersign/evm-blocks';
import type { IndexedEntry } from '../lists/entries';
import { fieldsOf, resultsOf } from './results';

/** A transaction in a block that a node has under its number. */
export interface SeenTransaction {
  readonly number: number;
  readonly blockHash: Hash;
  /** The time of its block in Unix seconds. */
  readonly at: number;
  readonly transaction: CheckedTransaction;
  /** Those of the wallet. */
  readonly transfers: readonly Transfer[];
}

/** A node's answers about the listed transactions, without those that it did not give. */
export interface Receipts {
  readonly head: number;
  readonly transactions: ReadonlyMap<Hash, SeenTransaction>;
  readonly blockHashes: ReadonlyMap<number, Hash>;
  /** Of the contracts of tokens. */
  readonly decimals: ReadonlyMap<Address, number>;
}

/** Of one HTTP request. */
const MAX_ENTRIES = 20;
const DECIMALS = '0x313ce567';
const GAS = '0x186a0';

@Injectable()
export class ReceiptReader {
  constructor(private readonly nodes: EvmNodes) {}

  async of(chain: Chain, wallet: Address, entries: readonly IndexedEntry[]): Promise<Receipts> {
    const all: Receipts[] = [];
    for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
      try {
        all.push(await this.read(chain, wallet, entries.slice(from, from + MAX_ENTRIES)));
      } catch (error) {
        // Another request may still fit: anyone can make a receipt large.
        if (!(error instanceof NodeError)) throw error;
      }
    }
    return {
      head: Math.max(-1, ...all.map(({ head }) => head)),
      transactions: new Map(all.flatMap(({ transactions }) => [...transactions])),
      blockHashes: new Map(all.flatMap(({ blockHashes }) => [...blockHashes])),
      decimals: new Map(all.flatMap(({ decimals }) => [...decimals])),
    };
  }

  /** @throws NodeError */
  private async read(chain: Chain, wallet: Address, entries: readonly IndexedEntry[]): Promise<Receipts> {
    const hashes = entries.map(({ position }) => position.hash);
    const numbers = [...new Set(entries.map(({ position }) => position.number))];
    const tokens = [...new Set(entries.flatMap(({ logs }) => logs.flatMap(({ asset }) => tokenOf(asset))))];
    const calls = [
      { method: 'eth_blockNumber', params: [] },
      ...numbers.map((number) => callOf('eth_getBlockByNumber', expected(number).text, false)),
      ...tokens.map((to) => callOf('eth_call', { to, data: DECIMALS, gas: GAS }, 'latest')),
      ...hashes.map((hash) => callOf('eth_getTransactionByHash', hash)),
      ...hashes.map((hash) => callOf('eth_getTransactionReceipt', hash)),
    ];
    const results = resultsOf(await this.nodes.batch(chain.id, calls)).values();
    const next = (): unknown => results.next().value;
    const head = readNumber(next()) ?? -1;
    const headers = new Map(numbers.map((number) => [number, next()]));
    const decimals = tokens.map((token) => [token, decodeDecimals(String(next()))] as const);
    const sent = hashes.map(next);
    const rules = rulesOfChain(chain.id);
    const seen = sent.map((raw) => readSeen(raw, next(), headers, rules, wallet));
    return {
      head,
      blockHashes: known(
        [...headers].map(([number, header]) => [number, readHash(fieldsOf(header)['hash'])]),
      ),
      decimals: known(decimals),
      transactions: known(hashes.map((hash, index) => [hash, seen[index]])),
    };
  }
}

function readSeen(
  raw: unknown,
  receipt: unknown,
  headers: ReadonlyMap<number, unknown>,
  rules: ChainRules,
  wallet: Address,
): SeenTransaction | undefined {
  const { blockNumber, blockHash, transactionIndex, logs } = fieldsOf(receipt);
  const [number, hash, index] = [readNumber(blockNumber), readHash(blockHash), readNumber(transactionIndex)];
  if (number === undefined || !hash || index === undefined) return undefined;
  const header = fieldsOf(headers.get(number));
  const timestamp = readNumber(header['timestamp']);
  if (readHash(header['hash']) !== hash || timestamp === undefined) return undefined;
  const first = readNumber(fieldsOf(Array.isArray(logs) ? logs[0] : null)['logIndex']) ?? 0;
  const position = { number: expected(number), hash, index: expected(index), logIndex: first };
  const read = readTransaction(raw, receipt, position, rules);
  if (!read.ok) return undefined;
  const block = { number, hash, parentHash: hash, timestamp, withdrawals: [], rules };
  const { transfers } = transfersOf(
    { ...block, transactions: [read.value] },
    (address) => address === wallet,
  );
  return { number, blockHash: hash, at: timestamp, transaction: read.value, transfers };
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
