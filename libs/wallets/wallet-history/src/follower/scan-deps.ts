import { Injectable } from '@nestjs/common';
import { EvmNodes } from '@countersign/chains';
import { Clock, SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, DatabaseClock } from '@countersign/database';
import { WalletAddresses, WalletKeys } from '@countersign/linked-wallets';
import { Logger, Metrics } from '@countersign/observability';
import { HistoryLimits } from '../history-limits';
import { KnownTokenNames } from '../names/known-tokens';
import { BackFillsRepository } from '../store/back-fills.repository';
import { HistoryRepository } from '../store/history.repository';
import { PendingRepository } from '../store/pending.repository';
import { PositionsRepository } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { MAX_AHEAD_MS } from './block-times';
import { FollowedAddresses } from './followed-addresses';
import { UnreadableWallets } from './unreadable-wallets';

/** After which another replica follows a chain whose follower is silent. */
const LEASE_MS = 30 * SECOND;

type Count = (labels: { readonly chain: string }, by?: number) => void;
type CountOfKind = (labels: { readonly chain: string; readonly kind: string }) => void;

/** What reading and writing the blocks of all chains share. */
@Injectable()
export class ScanDeps {
  readonly leaseMs: number;
  /** How far the time of a block may be ahead. */
  readonly maxAheadMs: number;
  readonly countReorganisation: Count;
  readonly countFault: CountOfKind;
  readonly countUnread: Count;
  readonly countBackFillFault: CountOfKind;

  constructor(
    readonly nodes: EvmNodes,
    readonly history: HistoryRepository,
    readonly pending: PendingRepository,
    readonly positions: PositionsRepository,
    readonly walletChains: WalletChainsRepository,
    readonly backFills: BackFillsRepository,
    readonly walletKeys: WalletKeys,
    readonly addresses: WalletAddresses,
    readonly tokenNames: KnownTokenNames,
    readonly followed: FollowedAddresses,
    readonly unreadable: UnreadableWallets,
    readonly limits: HistoryLimits,
    readonly database: Database,
    readonly clock: Clock,
    readonly databaseClock: DatabaseClock,
    readonly logger: Logger,
    readonly metrics: Metrics,
    { patience }: Configuration,
  ) {
    this.countReorganisation = metrics.counter(
      'countersign_chain_reorganisations_total',
      'Reorganisations that the follower of a chain went through.',
      'chain',
    );
    this.countFault = metrics.counter(
      'countersign_chain_faults_total',
      'Rounds of the follower of a chain that failed, or made nothing final: by what nodes were, or internal.',
      'chain',
      'kind',
    );
    this.countUnread = metrics.counter(
      'countersign_chain_unread_logs_total',
      'Logs that name a followed address as the transfer of a token would, and cannot be read.',
      'chain',
    );
    this.countBackFillFault = metrics.counter(
      'countersign_chain_back_fill_faults_total',
      'Searches of earlier blocks of a chain that failed: by what a node was, or internal.',
      'chain',
      'kind',
    );
    this.leaseMs = LEASE_MS * patience;
    this.maxAheadMs = MAX_AHEAD_MS * patience;
  }
}
