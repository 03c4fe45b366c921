import { NodeError, type Chain } from '@countersign/chains';
import {
  areSendersRight,
  transfersOf,
  type Address,
  type CheckedBlock,
  type Transfer,
} from '@countersign/evm-blocks';

/** What a block has of one wallet. */
export interface WalletMatch {
  readonly walletId: string;
  readonly address: Address;
  readonly transfers: readonly Transfer[];
}

export interface MatchedBlock {
  readonly block: CheckedBlock;
  /** How many logs name a followed address as a transfer would, and cannot be read. */
  readonly unread: number;
  readonly matches: readonly WalletMatch[];
}

/** @param walletsAt whose address it is */
export function matchBlock(
  block: CheckedBlock,
  walletsAt: (address: Address) => readonly string[],
): MatchedBlock {
  const owners = new Map<Address, readonly string[]>();
  // Not all addresses of a transfer are asked for: the first that is followed decides.
  const ownersOf = (address: Address): readonly string[] => {
    const walletIds = owners.get(address) ?? walletsAt(address);
    owners.set(address, walletIds);
    return walletIds;
  };
  const { transfers, unread } = transfersOf(block, (address) => ownersOf(address).length > 0);
  const matches = new Map<string, { address: Address; transfers: Transfer[] }>();
  for (const transfer of transfers)
    for (const address of new Set([transfer.from, transfer.to])) {
      if (address === null) continue;
      for (const walletId of ownersOf(address)) {
        const match = matches.get(walletId) ?? { address, transfers: [] };
        match.transfers.push(transfer);
        matches.set(walletId, match);
      }
    }
  return {
    block,
    unread: unread.length,
    matches: [...matches].map(([walletId, match]) => ({ walletId, ...match })),
  };
}

/**
 * Of blocks that were recomputed.
 * @throws NodeError lying, where a matching transaction was signed by another address than the node says
 */
export async function assertSenders(matched: readonly MatchedBlock[]): Promise<void> {
  for (const { block, matches } of matched) {
    if (!block.rules.hasEthereumEncoding || matches.length === 0) continue;
    const transfers = matches.flatMap((match) => match.transfers);
    const hashes = new Set(transfers.flatMap(({ transaction }) => transaction?.hash ?? []));
    if (!(await areSendersRight(block, hashes)))
      throw new NodeError('lying', { reason: 'block.sender_differs' });
  }
}

/** Nothing below this amount of the coin is worth a thought. */
export function dustLimitOf({ currency }: Pick<Chain, 'currency'>): bigint {
  return 10n ** BigInt(Math.max(0, currency.decimals - 4));
}
