import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { Chains, FinalBlocks, NodeError, type Chain, type FinalBlock } from '@countersign/chains';
import { plusSeconds, SECOND, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { SealError } from '@countersign/crypto';
import { AgreedClock, Database } from '@countersign/database';
import type { Address } from '@countersign/evm-transfers';
import { Recurring } from '@countersign/jobs';
import { WalletAddresses, WalletKeys } from '@countersign/linked-wallets';
import { Logger } from '@countersign/observability';
import { ReportedTransfers } from './reported-transfers';
import { TransferReader } from './transfer-reader';
import { sealedReported } from './wallet-follow.entity';
import { WalletFollowsRepository, type ClaimedFollow } from './wallet-follows.repository';

/** Less than the minute between two runs, so that each run finds all of them due. */
const ASKED_EVERY_SECONDS = 50;
const BATCH = 20;
/** Wallets of one chain. */
const ASKED_AT_ONCE = 2;
/** When a run takes no further batch: the next run begins after a minute. */
const RUN_MS = 45 * SECOND;

/** Asks indexers for new transfers of wallets whose applications ask for them, for webhooks. */
@Injectable()
@Recurring({ name: 'wallet-transfers', cron: '* * * * *', everyMinutes: 1 })
export class WalletTransfers {
  constructor(
    private readonly database: Database,
    private readonly clock: AgreedClock,
    private readonly applications: ApplicationsService,
    private readonly chains: Chains,
    private readonly finalBlocks: FinalBlocks,
    private readonly follows: WalletFollowsRepository,
    private readonly keys: WalletKeys,
    private readonly addresses: WalletAddresses,
    private readonly reader: TransferReader,
    private readonly reported: ReportedTransfers,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  /**
   * Wallets of a chain whose indexer or nodes are away wait for a later run.
   * @returns how many wallets were read
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const applicationIds = (await this.reported.areWanted()) ? await this.asking() : [];
    const chains = this.chains.list().filter(isFollowed);
    const chainIds = chains.map(({ id }) => id);
    await this.database.transaction((tx) => this.follows.removeOthers(tx, chainIds, applicationIds));
    if (applicationIds.length === 0) return 0;
    const read = await Promise.all(chains.map((chain) => this.follow(chain, applicationIds)));
    return read.reduce((sum, count) => sum + count, 0);
  }

  /** Third-party applications see no wallets. */
  private async asking(): Promise<readonly string[]> {
    const all = await this.applications.listAll();
    return all
      .filter(({ trust, settings }) => trust === 'first-party' && settings.wallets.transfers)
      .map(({ id }) => id);
  }

  private async follow(chain: Chain, applicationIds: readonly string[]): Promise<number> {
    const now = await this.clock.now();
    const final = await this.finalBlocks.of(chain);
    if (typeof final === 'string' || final.verification !== 'agreed') return 0;
    const block = this.reader.horizonOf(chain, final);
    await this.database.transaction((tx) => this.follows.add(tx, chain, { block, now }, applicationIds));
    const due = { now, nextAt: plusSeconds(now, ASKED_EVERY_SECONDS), limit: BATCH };
    const few = new Semaphore(ASKED_AT_ONCE);
    const deadline = performance.now() + RUN_MS * this.configuration.patience;
    let read = 0;
    for (let isFull = true; isFull && performance.now() < deadline;) {
      const batch = await this.database.transaction((tx) => this.follows.claim(tx, chain.id, due));
      const ends = await Promise.all(
        batch.map((row) => few.run(() => this.readUnlessAway(chain, final, row, applicationIds))),
      );
      read += ends.filter(Boolean).length;
      isFull = batch.length === BATCH && ends.every(Boolean);
    }
    return read;
  }

  /** @returns false where the indexer or nodes do not answer */
  private async readUnlessAway(
    chain: Chain,
    final: FinalBlock,
    row: ClaimedFollow,
    applicationIds: readonly string[],
  ): Promise<boolean> {
    try {
      await this.read(chain, final, row, applicationIds);
      return true;
    } catch (error) {
      if (error instanceof NodeError) return false;
      if (!(error instanceof SealError)) throw error;
      this.logger.error({ walletId: row.walletId, err: error }, 'transfers of a wallet cannot be read');
      return true;
    }
  }

  private async read(
    chain: Chain,
    final: FinalBlock,
    row: ClaimedFollow,
    applicationIds: readonly string[],
  ): Promise<void> {
    const { walletId, since, block } = row;
    const name = [walletId, chain.id];
    const [wallet, opened] = await this.database.read(async (manager) => [
      (await this.addresses.read(manager, walletId)) as Address | null,
      (await this.keys.read(manager, [walletId])).get(walletId),
    ]);
    if (wallet === null || !opened) return;
    const before = sealedReported.open(opened.dataKey, name, row.reported) ?? {};
    const found = await this.reader.read(chain, final, { wallet, since, block, reported: before });
    await this.database.transaction(async (tx) => {
      const present = (await this.keys.open(tx, [walletId])).get(walletId);
      if (!present) return;
      const hasReported = Object.keys(found.reported).length > 0;
      const reported = hasReported ? sealedReported.seal(present.dataKey, name, found.reported) : null;
      if (await this.follows.move(tx, chain.id, row, { block: found.block, reported }))
        await this.reported.add(tx, present, found.transfers, applicationIds);
    });
  }
}

/** With one node nothing is final. */
function isFollowed({ kind, indexerCount, nodeCount, mayNameAddresses }: Chain): boolean {
  return kind === 'evm' && indexerCount > 0 && nodeCount > 1 && mayNameAddresses;
}
