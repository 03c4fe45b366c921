import type { AbiParameter, Hex } from 'viem';
import { decodeAbiParameters } from 'viem/utils';
import type { Address, Hash } from './hex';
import type { CheckedLog, CheckedTransaction } from './read-transaction';

export type Asset =
  | { readonly standard: 'native' }
  | { readonly standard: 'erc20'; readonly contract: Address }
  | { readonly standard: 'erc721'; readonly contract: Address; readonly tokenId: bigint }
  | { readonly standard: 'erc1155'; readonly contract: Address; readonly tokenId: bigint };

/**
 * One move of one asset. `transaction`: the value of a transaction; each transaction of the wallet has one, with amount
 * 0 if it moved none, so that its fee is reported once. `log`: the claim of a token's contract, which may be false.
 * `internal`: coins that a contract moved, which no receipt shows.
 */
export interface Transfer {
  readonly kind: 'transaction' | 'log' | 'internal';
  readonly asset: Asset;
  /** The zero address mints tokens. */
  readonly from: Address;
  /** Null only for a failed creation of a contract. */
  readonly to: Address | null;
  /** In base units: wei, units of the token; 1 for a collectible of ERC-721. */
  readonly amount: bigint;
  /** The sender of the transaction; null if unknown. */
  readonly sentBy: Address | null;
}

/** keccak256 of `Transfer(address,address,uint256)`: ERC-20 and ERC-721. */
export const TRANSFER: Hash = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
/** keccak256 of `TransferSingle(address,address,address,uint256,uint256)`: ERC-1155. */
export const TRANSFER_SINGLE: Hash = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62';
/** keccak256 of `TransferBatch(address,address,address,uint256[],uint256[])`: ERC-1155. */
export const TRANSFER_BATCH: Hash = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb';

/** At most so many items of an ERC-1155 batch are read. */
export const MAX_BATCH = 1000;

const WORD_DIGITS = 64;
const ZEROS_BEFORE_ADDRESS = `0x${'0'.repeat(24)}`;
const UINT = { type: 'uint256' };
const UINTS = { type: 'uint256[]' };
const MAX_DATA_LENGTH = 2 + WORD_DIGITS * (4 + 2 * MAX_BATCH);

/** The transfers from or to a wallet, in the order of the logs. Unreadable logs are ignored. */
export function transfersOf(transaction: CheckedTransaction, wallet: Address): Transfer[] {
  const { from: sentBy, isSuccessful, logs } = transaction;
  // A failed transaction reverts its contract's effects, so its logs prove no move.
  const moved = isSuccessful ? logs.flatMap((log) => movesOf(log, wallet)) : [];
  return [...coinsOf(transaction, wallet), ...moved.map((one) => ({ ...one, sentBy }))];
}

/** A transaction's value counts if the wallet sent it or received coins. */
export function coinsOf(
  {
    from,
    to: recipient,
    createdContract,
    isSuccessful,
    value,
  }: Pick<CheckedTransaction, 'from' | 'to' | 'createdContract' | 'isSuccessful' | 'value'>,
  wallet: Address,
): Transfer[] {
  const to = recipient ?? createdContract;
  const amount = isSuccessful ? value : 0n;
  if (from !== wallet && !(to === wallet && amount > 0n)) return [];
  return [{ kind: 'transaction', asset: { standard: 'native' }, from, to, amount, sentBy: from }];
}

/** The form shows the standard. Any contract may log it. */
function movesOf(
  { address: contract, topics, data }: CheckedLog,
  wallet: Address,
): Omit<Transfer, 'sentBy'>[] {
  const [event, ...args] = topics;
  const isErc1155 = event === TRANSFER_SINGLE || event === TRANSFER_BATCH;
  if (isErc1155 ? args.length < 3 : event !== TRANSFER) return [];
  const [from, to] = args.slice(isErc1155 ? 1 : 0).map(addressOf);
  if (!from || !to || (from !== wallet && to !== wallet)) return [];
  const move = (asset: Asset, amount: bigint) => ({ kind: 'log', asset, from, to, amount }) as const;
  const [, , tokenId] = args;
  if (!isErc1155 && tokenId !== undefined)
    return data === '0x' ? [move({ standard: 'erc721', contract, tokenId: BigInt(tokenId) }, 1n)] : [];
  if (!isErc1155) {
    const [amount] = decoded([UINT], data) ?? [];
    return amount === undefined ? [] : [move({ standard: 'erc20', contract }, amount as bigint)];
  }
  const isBatch = event === TRANSFER_BATCH;
  const [ids, amounts] = (decoded(isBatch ? [UINTS, UINTS] : [UINT, UINT], data) ?? []).map(
    (each) => [each].flat() as bigint[],
  );
  if (!ids || ids.length !== amounts?.length || ids.length > MAX_BATCH) return [];
  return ids.map((id, at) => move({ standard: 'erc1155', contract, tokenId: id }, amounts[at] ?? 0n));
}

/** Null for another form or length. Offsets may be anything: nothing beyond the data is read. */
function decoded(parameters: readonly AbiParameter[], data: string): readonly unknown[] | null {
  const isStatic = parameters.every(({ type }) => type === UINT.type);
  if (isStatic && data.length !== 2 + WORD_DIGITS * parameters.length) return null;
  if (data.length > MAX_DATA_LENGTH || !/^0x(?:[0-9a-f]{2})*$/i.test(data)) return null;
  try {
    return decodeAbiParameters(parameters, data as Hex);
  } catch {
    return null;
  }
}

function addressOf(topic: Hash): Address | null {
  return topic.startsWith(ZEROS_BEFORE_ADDRESS) ? `0x${topic.slice(ZEROS_BEFORE_ADDRESS.length)}` : null;
}
