import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { ErasureLedger, type LedgerEntry, type LedgerMark } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { SessionEndingsInSteps } from '@countersign/sessions';
import { Erasures, UsersService } from '@countersign/users';
import { ErasureCompletion } from './erasure-completion';
import { LedgerRequests } from './ledger-requests';
import { ErasureMarksRepository, type DatabaseMark } from './erasure-marks.repository';
import { askLedger, LedgerStateError } from './ledger-errors';
import { compareMarks, type LedgerState } from './ledger-comparison';

const LOST =
  'The ledger of erasures (ERASURE_LEDGER) is behind this database: it is empty, or an older copy. Name the right one. ' +
  'If it is lost for good, run `countersign ledger accept`: erasures that only it knew are not repeated after a restore.';
const FOREIGN =
  'The ledger of erasures (ERASURE_LEDGER) belongs to another database: name the right one. If this database really ' +
  'takes it over, empty the ledger and run `countersign ledger accept`.';
const SAME_CLUSTER =
  'ERASURE_LEDGER names a database in the cluster of DATABASE_URL: a restored backup would restore both. Name one in ' +
  'another cluster.';

/** After so many in a row that find the ledger behind it is lost. */
const COMPARISONS = 3;

/** Compares the database with its ledger, and repeats what a restored database has forgotten. */
@Injectable()
export class LedgerReplay {
  private isCompared = false;

  constructor(
    private readonly database: Database,
    private readonly marks: ErasureMarksRepository,
    private readonly ledger: ErasureLedger,
    private readonly erasures: Erasures,
    private readonly users: UsersService,
    private readonly completion: ErasureCompletion,
    private readonly requests: LedgerRequests,
    private readonly endings: SessionEndingsInSteps,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether the database matches its ledger; until it does, nothing may be served. */
  get isReady(): boolean {
    return this.isCompared || !this.ledger.isStored;
  }

  get isStored(): boolean {
    return this.ledger.isStored;
  }

  /**
   * Erases again what a restored database has, and ends all of its sessions. Can be repeated.
   * @throws LedgerStateError, LedgerFileError, LedgerAwayError
   */
  async verify(): Promise<void> {
    if (!this.ledger.isStored) return;
    const startedAt = this.clock.now();
    const { state, ledgerMark } = await this.matched();
    const revived = await this.revived();
    const isRestored = state === 'restored' || revived.length > 0;
    if (isRestored) await this.replay(revived, ledgerMark, startedAt);
    else await this.requests.agree();
    await this.advanceFrom(state);
    this.isCompared = true;
  }

  /** Writes the next mark to the database and to the ledger, after it has compared both. */
  async advance(): Promise<number | null> {
    if (!this.ledger.isStored) return null;
    await this.verify();
    return (await this.writeNext()).mark;
  }

  /** When this database was last found to be a restored backup, whichever process found it; `null` if never. */
  async restoredAt(manager: EntityManager): Promise<Date | null> {
    return this.marks.restoredAt(manager);
  }

  /**
   * After what a restored backup must not forget: an older backup is noticed from now on, also within the hour.
   * @throws LedgerAwayError
   */
  async move(): Promise<void> {
    if (this.isCompared && this.ledger.isStored) await this.writeNext();
  }

  /**
   * By an operator: goes on with a ledger that has lost what it knew.
   * @throws LedgerStateError when it has lost nothing
   */
  async accept(reason: string): Promise<LedgerMark> {
    const ledgerMark = await askLedger(() => this.ledger.readMark());
    const ours = await this.database.transaction((tx) => this.marks.lock(tx));
    if (!ours || compareMarks(ours, ledgerMark) !== 'lost')
      throw new LedgerStateError(
        'The ledger of erasures is not behind this database: there is nothing to accept.',
      );
    const { lineage, nextMark: mark } = ours;
    await this.audit.prepare();
    await this.database.transaction((tx) =>
      this.audit.record(tx, 'installation.ledger_accepted', { actor: operator(), details: { reason } }),
    );
    await askLedger(() => this.ledger.writeMark({ lineage, mark }));
    return { lineage, mark };
  }

  private async matched(): Promise<{ readonly state: LedgerState; readonly ledgerMark: LedgerMark | null }> {
    await this.assertOtherCluster();
    const compared = await this.compared();
    if (compared.state === 'lost') throw new LedgerStateError(LOST);
    if (compared.state === 'foreign') throw new LedgerStateError(FOREIGN);
    return compared;
  }

  /** Another process may move both marks after the first was read: then they are read again. */
  private async compared(): Promise<{
    readonly state: LedgerState;
    readonly ledgerMark: LedgerMark | null;
  }> {
    for (let attempt = 1; ; attempt += 1) {
      const ledgerMark = await askLedger(() => this.ledger.readMark());
      const ours = await this.database.transaction((tx) => this.marks.lock(tx));
      const state = compareMarks(ours, ledgerMark);
      if (state !== 'lost' || attempt === COMPARISONS) return { state, ledgerMark };
    }
  }

  /** A new pair of marks is written at once; others wait for the hour. */
  private async advanceFrom(state: LedgerState): Promise<void> {
    if (state === 'new') await this.writeNext();
  }

  private async writeNext(): Promise<LedgerMark> {
    const next = await this.database.transaction(async (tx): Promise<DatabaseMark> => {
      const known = await this.marks.lockOrCreate(tx, randomUUID(), this.clock.now());
      const wanted = { ...known, nextMark: Math.max(known.nextMark, known.mark + 1) };
      await this.marks.put(tx, wanted, this.clock.now());
      return wanted;
    });
    const written = { lineage: next.lineage, mark: next.nextMark };
    await askLedger(() => this.ledger.writeMark(written));
    await this.database.transaction(async (tx) => {
      const known = await this.marks.lock(tx);
      if (known && known.mark < written.mark)
        await this.marks.put(tx, { ...known, mark: written.mark }, this.clock.now());
    });
    return written;
  }

  /** Accounts that the ledger knows as erased, without those whose erasure is under way here. */
  private async revived(): Promise<readonly string[]> {
    const revived = new Set<string>();
    for await (const batch of this.batches())
      for (const userId of await this.erasures.ownersOf(batch.map((entry) => entry.userId))) {
        const erasure = await this.erasures.find(userId);
        const isDone = batch.some((entry) => entry.userId === userId && entry.doneAt !== null);
        if (isDone || !erasure?.startedAt) revived.add(userId);
      }
    return [...revived];
  }

  private async *batches(): AsyncGenerator<readonly LedgerEntry[]> {
    const entries = this.ledger.entries()[Symbol.asyncIterator]();
    for (;;) {
      const next = await askLedger(() => entries.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  private async replay(
    revived: readonly string[],
    ledgerMark: LedgerMark | null,
    startedAt: Date,
  ): Promise<void> {
    this.logger.warn(
      { accounts: revived.length },
      'the database was restored: erasures are repeated, and all sessions end',
    );
    for (const userId of revived) await this.eraseAgain(userId);
    await this.requests.restore();
    // Those that another replica has opened since are not of the backup.
    const endedSessions = await this.endings.endOpenedUntil(startedAt);
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.audit.record(tx, 'installation.restored', {
        actor: 'system',
        details: { erasedAccounts: String(revived.length), endedSessions: String(endedSessions) },
      });
      const known = await this.marks.lock(tx);
      if (ledgerMark && !(known && known.mark >= ledgerMark.mark)) {
        const { lineage, mark } = ledgerMark;
        await this.marks.put(tx, { lineage, mark, nextMark: mark }, this.clock.now());
      }
      await this.marks.setRestored(tx, this.clock.now());
    });
  }

  private async eraseAgain(userId: string): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) return;
      await this.erasures.put(tx, {
        userId,
        kind: 'closed',
        reason: 'restore',
        assurance: null,
        applicationId: null,
        requestedAt: now,
        eraseAt: now,
        startedAt: now,
      });
    });
    await this.completion.complete(userId, now);
  }

  private async assertOtherCluster(): Promise<void> {
    if (this.configuration.nodeEnv !== 'production') return;
    const theirs = await askLedger(() => this.ledger.clusterId());
    const ours =
      theirs === null ? null : await this.database.read((manager) => this.marks.clusterId(manager));
    if (ours !== null && ours === theirs) throw new LedgerStateError(SAME_CLUSTER);
  }
}
