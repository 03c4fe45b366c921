import type { Direction } from '@countersign/wallet-reading';
import type { Chain, Verification } from '@countersign/chains';
import type {
  Address,
  CheckedBlock,
  SpamReason,
  Transfer,
  TransferTransaction,
} from '@countersign/evm-blocks';

export type Standard = 'native' | 'erc20' | 'erc721' | 'erc1155';

/** An asset, as it is stored. Token ids are decimal text. */
export interface AssetKey {
  readonly standard: Standard;
  readonly contract: string | null;
  readonly tokenId: string | null;
}

/** One move of one asset, seen from the wallet. */
export interface EntryTransfer extends AssetKey {
  readonly kind: Transfer['kind'];
  readonly direction: Direction;
  /** `null` where no address of this chain gave, or a contract was created. */
  readonly counterparty: string | null;
  /** Decimal text in base units. */
  readonly amount: string;
  readonly logIndex: number | null;
  readonly batchIndex: number | null;
  /** Why it is hidden; empty for one that is shown. */
  readonly spam: readonly SpamReason[];
}

export interface EntryTransaction {
  readonly hash: string;
  readonly index: number;
  readonly from: string;
  readonly to: string | null;
  readonly isSuccessful: boolean;
  /** Decimal text in base units of the coin; `null` where another address paid it. */
  readonly fee: string | null;
  /** False where the chain charges more than receipts tell. */
  readonly isFeeExact: boolean;
}

/** What one transaction, or the withdrawals and deposits of a block, did with a wallet. Stored as JSON. */
export interface HistoryEntry {
  readonly block: {
    readonly number: number;
    readonly hash: string;
    /** Unix seconds, as the chain says. */
    readonly at: number;
  };
  readonly transaction: EntryTransaction | null;
  /** From 0: a transaction with many transfers is several entries. The fee is of the first. */
  readonly part: number;
  readonly transfers: readonly EntryTransfer[];
  /** The wallet sent the transaction. */
  readonly isOwn?: boolean;
  /** How many transfers of the wallet in the block are not stored: there were too many. Absent where all are. */
  readonly omittedInBlock?: number;
  /** In the first entry of the block alone. */
  readonly omittedOf?: { readonly hasListed: boolean };
  /** The hash of the block was recomputed from its contents, and the signature of the transaction says who sent it. */
  readonly isRecomputed?: boolean;
  /** Of a final entry: what stands behind it. Absent in rows of earlier versions, where nothing does. */
  readonly verification?: Verification;
  /** ISO 8601: when the chain turned out not to have the block. */
  readonly vanishedAt: string | null;
}

/** What stands behind an entry of a final block: where a chain has several nodes, two agree on the hash of a final block. */
export function verificationOf(
  { nodeCount }: Pick<Chain, 'nodeCount'>,
  { isRecomputed = false, vanishedAt }: Pick<HistoryEntry, 'isRecomputed' | 'vanishedAt'>,
): Verification {
  return nodeCount > 1 && isRecomputed && vanishedAt === null ? 'proven' : 'none';
}

/** So that no row grows without bounds. */
const MAX_TRANSFERS_PER_ENTRY = 50;

/** Transfers that are not stored. */
export interface Omitted {
  readonly count: number;
  /** Some are of listed tokens. */
  readonly hasListed: boolean;
}

/** The entries of one wallet in a block. @param transfers those that touch it, in order, without `omitted` ones */
export function entriesOf(
  block: CheckedBlock,
  wallet: Address,
  transfers: readonly Transfer[],
  spamOf: (transfer: Transfer) => readonly SpamReason[],
  omitted: Omitted | null = null,
): readonly HistoryEntry[] {
  const at = { number: block.number, hash: block.hash, at: block.timestamp };
  const entries = [...groupsOf(transfers)].flatMap(([transaction, ofTransaction]) =>
    chunksOf(ofTransaction).map((chunk, part) => ({
      block: at,
      transaction: transaction && seenFrom(wallet, transaction, part === 0),
      part,
      transfers: chunk.map((transfer) => entryTransfer(wallet, transfer, spamOf(transfer))),
      ...(transaction?.from === wallet ? { isOwn: true } : {}),
      ...(block.rules.hasEthereumEncoding ? { isRecomputed: true } : {}),
      ...(omitted && { omittedInBlock: omitted.count }),
      vanishedAt: null,
    })),
  );
  if (!omitted) return entries;
  const { hasListed } = omitted;
  return entries.map((entry, index) => (index === 0 ? { ...entry, omittedOf: { hasListed } } : entry));
}

/** Whether it is of a token that is not listed, and not the wallet's doing: anyone can send any number. */
export function isForeignTransfer(
  { isOwn = false }: HistoryEntry,
  { contract }: EntryTransfer,
  listed: ReadonlySet<string>,
): boolean {
  return !isOwn && contract !== null && !listed.has(contract);
}

/** Whether nothing of it is shown unless it is asked for. */
export function isHidden({ transfers }: HistoryEntry): boolean {
  return transfers.length > 0 && transfers.every(({ spam }) => spam.length > 0);
}

/** Those that anyone can send come last, so that they displace no others where few are read. */
export function foreignLast(
  entries: readonly HistoryEntry[],
  listed: ReadonlySet<string>,
): readonly HistoryEntry[] {
  const isForeign = (entry: HistoryEntry): boolean =>
    entry.transfers.every((transfer) => isForeignTransfer(entry, transfer, listed));
  return [...entries.filter((entry) => !isForeign(entry)), ...entries.filter(isForeign)];
}

/** In the order of the chain. Withdrawals come after all transactions of their block. */
export function inOrder(one: HistoryEntry, other: HistoryEntry): number {
  const index = ({ transaction }: HistoryEntry): number => transaction?.index ?? Number.MAX_SAFE_INTEGER;
  return one.block.number - other.block.number || index(one) - index(other) || one.part - other.part;
}

/** Tells an entry from all others of its wallet and chain, in any block that has the transaction. */
export function nameOf({ block, transaction, part }: HistoryEntry): string {
  return `${transaction ? transaction.hash : `block/${block.hash}`}/${String(part)}`;
}

function groupsOf(transfers: readonly Transfer[]): Map<TransferTransaction | null, Transfer[]> {
  const byHash = new Map<string | null, TransferTransaction | null>();
  const groups = new Map<TransferTransaction | null, Transfer[]>();
  for (const transfer of transfers) {
    const hash = transfer.transaction?.hash ?? null;
    const group = byHash.get(hash) ?? transfer.transaction;
    byHash.set(hash, group);
    const known = groups.get(group);
    if (known) known.push(transfer);
    else groups.set(group, [transfer]);
  }
  return groups;
}

function chunksOf(transfers: readonly Transfer[]): Transfer[][] {
  const count = Math.ceil(transfers.length / MAX_TRANSFERS_PER_ENTRY);
  return Array.from({ length: count }, (_, part) =>
    transfers.slice(part * MAX_TRANSFERS_PER_ENTRY, (part + 1) * MAX_TRANSFERS_PER_ENTRY),
  );
}

function seenFrom(wallet: Address, transaction: TransferTransaction, isFirst: boolean): EntryTransaction {
  const { hash, index, from, to, isSuccessful, fee, isFeeExact } = transaction;
  const paid = isFirst && from === wallet ? fee.toString() : null;
  return { hash, index, from, to, isSuccessful, fee: paid, isFeeExact };
}

function entryTransfer(wallet: Address, transfer: Transfer, spam: readonly SpamReason[]): EntryTransfer {
  const { asset, from, to, kind, amount, logIndex, batchIndex } = transfer;
  const direction = from !== wallet ? 'in' : to === wallet ? 'self' : 'out';
  return {
    kind,
    ...assetKeyOf(asset),
    direction,
    counterparty: direction === 'in' ? from : to,
    amount: amount.toString(),
    logIndex,
    batchIndex,
    spam,
  };
}

function assetKeyOf(asset: Transfer['asset']): AssetKey {
  const contract = asset.standard === 'native' ? null : asset.contract;
  const tokenId =
    asset.standard === 'erc721' || asset.standard === 'erc1155' ? asset.tokenId.toString() : null;
  return { standard: asset.standard, contract, tokenId };
}
