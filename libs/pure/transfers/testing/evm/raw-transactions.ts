import { keccak256, numberToHex, pad, toHex, type Hex } from 'viem';

/** As a node answers them, and open to every change. */
export interface RawBlock {
  [field: string]: unknown;
  transactions: RawTransaction[];
}
export type RawTransaction = Record<string, unknown>;
export interface RawReceipt {
  [field: string]: unknown;
  logs: RawLog[];
}
export type RawLog = Record<string, unknown>;

export interface GivenTransaction {
  readonly transaction?: RawTransaction;
  readonly receipt?: Record<string, unknown>;
  readonly logs?: readonly GivenLog[];
}

interface GivenLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

export const CHAIN = 1;
const BLOCK_NUMBER = 19_000_000;
const BLOCK_HASH = hashOf('block');

export function hashOf(text: string): Hex {
  return keccak256(toHex(text));
}

/** A different address for each name. */
export function addressOf(name: string): Hex {
  return `0x${hashOf(name).slice(-40)}`;
}

/** The word of an address, in topics and data. */
export function wordOf(value: bigint | number | string): Hex {
  return typeof value === 'string' ? pad(value as Hex, { size: 32 }) : pad(numberToHex(value), { size: 32 });
}

/** Words one after another. */
export function dataOf(...values: (bigint | number | string)[]): Hex {
  return `0x${values.map((value) => wordOf(value).slice(2)).join('')}`;
}

/** A block with its receipts, right in all that the protocol says, of what is given. */
export function rawBlock(given: readonly GivenTransaction[]): { block: RawBlock; receipts: RawReceipt[] } {
  const at = { blockHash: BLOCK_HASH, blockNumber: numberToHex(BLOCK_NUMBER) };
  let logIndex = 0;
  const receipts = given.map(({ receipt, logs = [] }, index) => {
    const position = {
      ...at,
      transactionHash: hashOf(`transaction ${index}`),
      transactionIndex: toHex(index),
    };
    return {
      ...position,
      type: '0x2',
      status: '0x1',
      from: addressOf('sender'),
      to: addressOf('recipient'),
      contractAddress: null,
      gasUsed: '0x5208',
      effectiveGasPrice: '0x3b9aca00',
      logs: logs.map((log) => ({ ...log, ...position, logIndex: toHex(logIndex++), removed: false })),
      ...receipt,
    };
  });
  const transactions = given.map(({ transaction }, index) => ({
    ...at,
    hash: hashOf(`transaction ${index}`),
    transactionIndex: toHex(index),
    type: '0x2',
    chainId: toHex(CHAIN),
    from: addressOf('sender'),
    to: addressOf('recipient'),
    value: '0x0',
    gasPrice: '0x3b9aca00',
    ...transaction,
  }));
  const block = {
    number: numberToHex(BLOCK_NUMBER),
    hash: BLOCK_HASH,
    timestamp: '0x65a00000',
    transactions,
  };
  return { block, receipts };
}
