import { AbiWords } from './abi';
import type { ChainRules } from '../chain-rules';
import type { CheckedLog } from '../checked-transaction';
import type { Address, Hash } from '../hex';
import type { Asset } from './transfer';

/** keccak256 of `Transfer(address,address,uint256)`: ERC-20 and ERC-721. */
export const TRANSFER: Hash = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
/** keccak256 of `TransferSingle(address,address,address,uint256,uint256)`: ERC-1155. */
export const TRANSFER_SINGLE: Hash = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62';
/** keccak256 of `TransferBatch(address,address,address,uint256[],uint256[])`: ERC-1155. */
export const TRANSFER_BATCH: Hash = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb';

/** Items of one batch of ERC-1155 that are read. */
export const MAX_BATCH = 1000;

const WORD = 32;
const ZEROS_BEFORE_ADDRESS = `0x${'0'.repeat(24)}`;

export interface TokenItem {
  readonly asset: Asset;
  readonly amount: bigint;
}

/** A log that tells of a transfer. */
export interface TokenLog {
  readonly log: CheckedLog;
  readonly from: Address;
  readonly to: Address;
  /** Reads what was moved; null where it cannot be read. */
  readonly items: () => readonly TokenItem[] | null;
}

/**
 * What a log tells of a token's transfer; null for logs of other events, and for those that repeat moves of the native coin.
 * The form says the standard: any contract may log it.
 */
export function readTokenLog(log: CheckedLog, rules: ChainRules): TokenLog | null {
  const [event, first, second, third] = log.topics;
  if (event === TRANSFER) {
    const coin = rules.coinContracts.get(log.address);
    if (coin === 'mirror') return null;
    if (first === undefined) return readUnindexed(log, rules);
    if (third !== undefined) return between(log, first, second, () => readErc721(log, third));
    return between(log, first, second, () => readErc20(log, coin === 'besides'));
  }
  if (event === TRANSFER_SINGLE) return between(log, second, third, () => readSingle(log));
  if (event === TRANSFER_BATCH) return between(log, second, third, () => readBatch(log));
  return null;
}

function between(
  log: CheckedLog,
  from: Hash | undefined,
  to: Hash | undefined,
  items: TokenLog['items'],
): TokenLog | null {
  if (!from?.startsWith(ZEROS_BEFORE_ADDRESS) || !to?.startsWith(ZEROS_BEFORE_ADDRESS)) return null;
  return {
    log,
    from: `0x${from.slice(ZEROS_BEFORE_ADDRESS.length)}`,
    to: `0x${to.slice(ZEROS_BEFORE_ADDRESS.length)}`,
    items,
  };
}

function readErc20({ address, data }: CheckedLog, isCoin: boolean): TokenItem[] | null {
  const words = AbiWords.of(data);
  const amount = words?.length === WORD ? words.uint(0) : undefined;
  if (amount === undefined) return null;
  const asset: Asset = isCoin ? { standard: 'native' } : { standard: 'erc20', contract: address };
  return [{ asset, amount }];
}

function readErc721({ address, data }: CheckedLog, tokenId: Hash): TokenItem[] | null {
  if (data !== '0x') return null;
  return [
    {
      asset: { standard: 'erc721', contract: address, tokenId: BigInt(tokenId) },
      amount: 1n,
    },
  ];
}

/** From before ERC-721: all in the data, where an amount of units and the number of a collectible look the same. */
function readUnindexed(log: CheckedLog, rules: ChainRules): TokenLog | null {
  const words = AbiWords.of(log.data);
  const from = words?.length === 3 * WORD ? words.address(0) : undefined;
  const to = words?.address(WORD);
  const tokenId = words?.uint(2 * WORD);
  if (!from || !to || tokenId === undefined) return null;
  const asset: Asset = { standard: 'erc721', contract: log.address, tokenId };
  const isKnown = rules.unindexedCollectibles.has(log.address);
  return { log, from, to, items: () => (isKnown ? [{ asset, amount: 1n }] : null) };
}

function readSingle({ address, data }: CheckedLog): TokenItem[] | null {
  const words = AbiWords.of(data);
  const tokenId = words?.length === 2 * WORD ? words.uint(0) : undefined;
  const amount = words?.uint(WORD);
  if (tokenId === undefined || amount === undefined) return null;
  return [{ asset: { standard: 'erc1155', contract: address, tokenId }, amount }];
}

/** Two arrays of the same length: ids and amounts. Their offsets may be anything; nothing beyond the data is read. */
function readBatch({ address, data }: CheckedLog): TokenItem[] | null {
  const words = AbiWords.of(data);
  const ids = words?.size(0);
  const amounts = words?.size(WORD);
  if (!words || ids === undefined || amounts === undefined) return null;
  const count = words.size(ids);
  if (count === undefined || count > MAX_BATCH || words.size(amounts) !== count) return null;

  const items: TokenItem[] = [];
  for (let at = 0; at < count; at++) {
    const tokenId = words.uint(ids + (at + 1) * WORD);
    const amount = words.uint(amounts + (at + 1) * WORD);
    if (tokenId === undefined || amount === undefined) return null;
    items.push({
      asset: { standard: 'erc1155', contract: address, tokenId },
      amount,
    });
  }
  return items;
}
