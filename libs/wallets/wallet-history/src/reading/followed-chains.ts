import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BlockReference, Chain } from '@countersign/chains';
import { Clock, MINUTE } from '@countersign/clock';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { BackFillsRepository } from '../store/back-fills.repository';
import type { ReadingState } from '@countersign/wallet-reading';
import { filledFrom, openProgress } from '../store/fill-progress';
import { PositionsRepository, type Position } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';

/** How current what is known of a chain is. */
export interface ChainReading {
  readonly chain: Chain;
  readonly state: ReadingState;
  /** The last block that is read. `null` before the first. */
  readonly asOf: BlockReference | null;
  /** The last final block. */
  readonly final: BlockReference | null;
  /** From which block on the wallet is followed. `null`: from the next one. */
  readonly fromBlock: number | null;
  /** Something since that block could not be stored. */
  readonly hasGap: boolean;
  /** From which block on the token transfers before `fromBlock` are known. `null`: none are. */
  readonly filledFrom: number | null;
  readonly staleSince: Date | null;
}

/** A follower that has confirmed nothing for so long is no longer current. */
const STALE_MS = MINUTE;

/** How far a followed chain is read for a wallet. */
@Injectable()
export class FollowedChains {
  constructor(
    private readonly positions: PositionsRepository,
    private readonly walletChains: WalletChainsRepository,
    private readonly backFills: BackFillsRepository,
    private readonly clock: Clock,
  ) {}

  async reading(manager: EntityManager, wallet: OpenedWallet, chain: Chain): Promise<ChainReading> {
    const position = (await this.positions.all(manager)).find(({ chainId }) => chainId === chain.id) ?? null;
    const since = await this.walletChains.followed(manager, [wallet.walletId]);
    const fills = await this.backFills.ofWallets(manager, [wallet.walletId]);
    const own = since.find(({ chainId }) => chainId === chain.id) ?? null;
    const { tipNumber = null, tipHash = null, finalNumber = null } = position ?? {};
    const final = finalNumber === null ? null : await this.positions.block(manager, chain.id, finalNumber);
    const fromBlock = own?.fromBlock ?? null;
    const fill = fills.find(({ chainId }) => chainId === chain.id);
    return {
      chain,
      state: position?.state ?? 'starting',
      asOf: tipNumber !== null && tipHash !== null ? { number: tipNumber, hash: tipHash } : null,
      final: final && { number: final.number, hash: final.hash },
      fromBlock,
      filledFrom:
        fill && fromBlock !== null ? filledFrom(openProgress(wallet, fill, fromBlock), fromBlock) : null,
      hasGap: own?.hasGap ?? false,
      staleSince: position && this.staleSince(position, chain),
    };
  }

  private staleSince(position: Position, { blockTimeMs }: Chain): Date | null {
    const { state, stateSince, confirmedAt } = position;
    if (confirmedAt === null) return state === 'starting' ? null : stateSince;
    const isOld = this.clock.now().getTime() - confirmedAt.getTime() > Math.max(STALE_MS, 5 * blockTimeMs);
    return state === 'following' && !isOld ? null : confirmedAt;
  }
}
