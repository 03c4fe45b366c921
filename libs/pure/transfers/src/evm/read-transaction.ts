import { readAddress, readHash, readNumber, readQuantity, type Address, type Hash } from './hex';

export interface CheckedLog {
  readonly address: Address;
  /** At most four. */
  readonly topics: readonly Hash[];
  /** The node's answer. It is checked when it is decoded. */
  readonly data: string;
}

/** A transaction with its receipt. Amounts are in wei. */
export interface CheckedTransaction {
  readonly hash: Hash;
  readonly blockNumber: number;
  readonly blockHash: Hash;
  readonly index: number;
  readonly from: Address;
  /** Null for the creation of a contract. */
  readonly to: Address | null;
  readonly createdContract: Address | null;
  readonly isSuccessful: boolean;
  readonly value: bigint;
  /** Gas times price; 0 if the node gives no price. */
  readonly gasFee: bigint;
  /** `gasFee` and the rollup's charge for the chain below. */
  readonly fee: bigint;
  /** False if the chain may charge more than the gas. */
  readonly isFeeExact: boolean;
  readonly logs: readonly CheckedLog[];
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_TOPICS = 4;
/** EIP-7702. Later types belong to single chains with their own fees. */
const LAST_TYPE_OF_ETHEREUM = 4;

class Unreadable extends Error {}

/** Undefined if the transaction or its receipt is malformed or of another chain, or if they contradict each other. */
export function readTransaction(
  raw: unknown,
  receipt: unknown,
  chainId: number,
): CheckedTransaction | undefined {
  try {
    return isFields(raw) && isFields(receipt) ? read(raw, receipt, chainId) : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function read(raw: Fields, receipt: Fields, chainId: number): CheckedTransaction {
  const type = needed(readNumber(raw['type'] ?? '0x0'));
  const isSigned = type >= 1 && type <= LAST_TYPE_OF_ETHEREUM;
  const from = needed(readAddress(raw['from']));
  const to = optional(raw['to'], readAddress);
  const isSuccessful = isDone(receipt['status']);
  const at = (fields: Fields) => ({
    blockNumber: needed(readNumber(fields['blockNumber'])),
    blockHash: needed(readHash(fields['blockHash'])),
    index: needed(readNumber(fields['transactionIndex'])),
  });
  const position = { ...at(receipt), hash: needed(readHash(receipt['transactionHash'])) };
  const sent = { ...at(raw), hash: needed(readHash(raw['hash'])) };
  const claims = [
    [JSON.stringify(position), JSON.stringify(sent)],
    [optional(receipt['from'] ?? from, readAddress), from],
    [optional(receipt['to'] ?? to, readAddress), to],
    [isSigned ? readNumber(raw['chainId'] ?? `0x${chainId.toString(16)}`) : chainId, chainId],
  ];
  if (claims.some(([one, other]) => one !== other)) throw new Unreadable();
  // Some nodes name contracts that were created on the way.
  const createdContract = to === null ? optional(receipt['contractAddress'], readAddress) : null;
  if (to === null && isSuccessful && createdContract === null) throw new Unreadable();
  return {
    ...{ ...position, from, to, createdContract, isSuccessful },
    value: needed(readQuantity(raw['value'])),
    ...costOf(raw, receipt, type),
    logs: listOf(receipt['logs']).map(readLog),
  };
}

function costOf(
  raw: Fields,
  receipt: Fields,
  type: number,
): Pick<CheckedTransaction, 'gasFee' | 'fee' | 'isFeeExact'> {
  // Nodes from before EIP-1559 give only the transaction's price; for a mined transaction it is the paid price.
  const gasPrice = optional(receipt['effectiveGasPrice'] ?? raw['gasPrice'], readQuantity);
  const gasFee = needed(readQuantity(receipt['gasUsed'])) * (gasPrice ?? 0n);
  const l1Fee = optional(receipt['l1Fee'], readQuantity) ?? 0n;
  const { blobGasUsed, operatorFeeScalar, operatorFeeConstant } = receipt;
  // Blobs, the operator's fee on the OP stack, and fees in a token on Celo.
  const others = [blobGasUsed, operatorFeeScalar, operatorFeeConstant, raw['feeCurrency']];
  const hasOthers = others.some((each) => each != null && readQuantity(each) !== 0n);
  const isFeeExact = gasPrice !== null && l1Fee === 0n && !hasOthers && type <= LAST_TYPE_OF_ETHEREUM;
  return { gasFee, fee: gasFee + l1Fee, isFeeExact };
}

function readLog(log: unknown): CheckedLog {
  const { address, topics, data, removed } = isFields(log) ? log : ({} as Fields);
  const list = listOf(topics);
  if (removed === true || typeof data !== 'string' || list.length > MAX_TOPICS) throw new Unreadable();
  return {
    address: needed(readAddress(address)),
    topics: list.map((topic) => needed(readHash(topic))),
    data,
  };
}

/** Receipts from before Byzantium have no outcome. No running chain has such blocks at its head. */
function isDone(status: unknown): boolean {
  const number = needed(readNumber(status));
  if (number > 1) throw new Unreadable();
  return number === 1;
}

function listOf(value: unknown): readonly unknown[] {
  return needed(Array.isArray(value) ? (value as readonly unknown[]) : undefined);
}

function optional<T>(value: unknown, read: (value: unknown) => T | undefined): T | null {
  return value == null ? null : needed(read(value));
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Unreadable();
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
