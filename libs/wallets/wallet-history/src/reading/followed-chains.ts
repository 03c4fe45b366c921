import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains, type Chain } from '@countersign/chains';
import { Clock, MINUTE } from '@countersign/clock';
import type { OpenedWallet, OwnWallet } from '@countersign/linked-wallets';
import { isOn } from '../follower/followed-addresses';
import { BackFillsRepository } from '../store/back-fills.repository';
import type { ChainState } from '../store/chain.entities';
import { filledFrom, openProgress } from '../store/fill-progress';
import { PositionsRepository, type Position } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { walletHistoryError } from '../wallet-history.errors';

/** Why nothing is known of a chain. */
export const notFollowedReasons = ['not_configured', 'not_followed', 'not_supported', 'unreadable'] as const;
export type NotFollowedReason = (typeof notFollowedReasons)[number];

export interface NotFollowed {
  readonly chainId: string;
  readonly reason: NotFollowedReason;
}

/** How current what is known of a chain is. */
export interface ChainReading {
  readonly chain: Chain;
  readonly state: ChainState;
  /** The last block that is read. `null` before the first. */
  readonly asOf: { readonly number: number; readonly hash: string } | null;
  readonly finalNumber: number | null;
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

/** Which chains are followed for a wallet. */
@Injectable()
export class FollowedChains {
  constructor(
    private readonly chains: Chains,
    private readonly positions: PositionsRepository,
    private readonly walletChains: WalletChainsRepository,
    private readonly backFills: BackFillsRepository,
    private readonly clock: Clock,
  ) {}

  of({ wallet }: OwnWallet): readonly Chain[] {
    if (wallet.provider !== 'ethereum') return [];
    return this.chains.list().filter((chain) => chain.kind === 'evm' && chain.follow && isOn(chain, wallet));
  }

  /** Of the configured chains, and of that of the proof. */
  notOf({ wallet, evidence }: OwnWallet): readonly NotFollowed[] {
    const configured = this.chains.list();
    const not = configured.flatMap((chain): NotFollowed[] => {
      const isOwn = (chain.kind === 'evm') === (wallet.provider === 'ethereum') && isOn(chain, wallet);
      if (!isOwn || (chain.kind === 'evm' && chain.follow)) return [];
      return [{ chainId: chain.id, reason: chain.kind === 'evm' ? 'not_followed' : 'not_supported' }];
    });
    const proven = wallet.chainId ?? evidence?.provenOn ?? null;
    if (proven === null || this.chains.find(proven)) return not;
    return [...not, { chainId: proven, reason: 'not_configured' }];
  }

  /** @throws AppError wallet.chain_not_followed */
  get(own: OwnWallet, chainId: string): Chain {
    const chain = this.of(own).find(({ id }) => id === chainId);
    if (!chain) throw walletHistoryError('wallet.chain_not_followed');
    return chain;
  }

  async readings(
    manager: EntityManager,
    wallet: OpenedWallet,
    chains: readonly Chain[],
  ): Promise<readonly ChainReading[]> {
    const positions = await this.positions.all(manager);
    const since = await this.walletChains.ofWallets(manager, [wallet.walletId]);
    const fills = await this.backFills.ofWallets(manager, [wallet.walletId]);
    return chains.map((chain) => {
      const position = positions.find(({ chainId }) => chainId === chain.id) ?? null;
      const own = since.find(({ chainId }) => chainId === chain.id) ?? null;
      const { tipNumber = null, tipHash = null } = position ?? {};
      const fromBlock = own?.fromBlock ?? null;
      const fill = fills.find(({ chainId }) => chainId === chain.id);
      return {
        chain,
        state: position?.state ?? 'starting',
        asOf: tipNumber !== null && tipHash !== null ? { number: tipNumber, hash: tipHash } : null,
        finalNumber: position?.finalNumber ?? null,
        fromBlock,
        filledFrom:
          fill && fromBlock !== null ? filledFrom(openProgress(wallet, fill, fromBlock), fromBlock) : null,
        hasGap: own?.hasGap ?? false,
        staleSince: position && this.staleSince(position, chain),
      };
    });
  }

  private staleSince(position: Position, { blockTimeMs }: Chain): Date | null {
    const { state, stateSince, confirmedAt } = position;
    if (confirmedAt === null) return state === 'starting' ? null : stateSince;
    const isOld = this.clock.now().getTime() - confirmedAt.getTime() > Math.max(STALE_MS, 5 * blockTimeMs);
    return state === 'following' && !isOld ? null : confirmedAt;
  }
}
