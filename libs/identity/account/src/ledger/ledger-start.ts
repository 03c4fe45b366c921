import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ErasureLedger } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { Installation } from '@countersign/users';
import { Disputes } from './disputes';
import { LedgerComparison, type Compared, type LedgerState } from './ledger-comparison';

const HINTS = {
  fine: null,
  disputed:
    'the ledger has entries that this database does not know: run `countersign ledger list`, and answer',
  behind:
    'the ledger lacks entries that this database knows, so erasures wait: run `countersign ledger list`',
} as const;

/** Compares the database with the ledger at the start, and moves the ledger's mark each hour. */
@Injectable()
@Recurring({ name: 'ledger-mark', cron: '7 * * * *', everyMinutes: 60 })
export class LedgerStart {
  private isCompared = false;
  private state: LedgerState = 'fine';

  constructor(
    private readonly database: Database,
    private readonly installation: Installation,
    private readonly ledger: ErasureLedger,
    private readonly comparison: LedgerComparison,
    private readonly disputes: Disputes,
    private readonly logger: Logger,
  ) {}

  /** Whether the ledger is compared; until then nothing may be served. */
  get isReady(): boolean {
    return this.isCompared || !this.ledger.isStored;
  }

  get isStored(): boolean {
    return this.ledger.isStored;
  }

  /** Erases nobody and ends no session. Can be repeated. @throws LedgerAwayError */
  async start(): Promise<void> {
    if (!this.ledger.isStored) return;
    await this.ledger.prepare();
    if ((await this.run()) === 'disputed') await this.disputes.open(await this.compare());
    this.isCompared = true;
  }

  /**
   * Moves the mark. It is stored as pending first, so that no other process takes it for an unknown one.
   * @returns the state, in which nothing is written unless it is `fine`
   * @throws LedgerAwayError
   */
  async run(): Promise<LedgerState> {
    for (;;) {
      const { state, installation, verified, last } = await this.compare();
      if (state !== 'fine' || !this.ledger.isStored) return state;
      const id = installation.pendingMark ?? (await this.prepare());
      const known = verified.find((entry) => entry.id === id)?.number;
      const number = known ?? (await this.ledger.append(installation.id, last, [{ kind: 'mark', id }]));
      if (number === null) continue;
      await this.database.transaction((tx) => this.installation.noteLedger(tx, number, id));
      return state;
    }
  }

  /** What an operator has to answer, or null. */
  async hint(): Promise<string | null> {
    const { disputedSince } = await this.installation.read();
    if (disputedSince) return HINTS.disputed;
    if (this.state !== 'fine') await this.compare();
    return HINTS[this.state];
  }

  private async prepare(): Promise<string> {
    return this.database.transaction(async (tx) => {
      const { pendingMark } = await this.installation.lock(tx);
      const id = pendingMark ?? randomUUID();
      await this.installation.save(tx, { pendingMark: id });
      return id;
    });
  }

  private async compare(): Promise<Compared> {
    const compared = await this.comparison.compare();
    const { state, unverified, installation } = compared;
    if (unverified.length > 0)
      this.logger.warn(
        { entries: unverified.length, firstNumber: unverified[0]?.number },
        'the ledger has entries that do not verify: they have no effect',
      );
    const hint = HINTS[state];
    if (hint && state !== this.state) this.logger.warn({ since: installation.disputedSince }, hint);
    this.state = state;
    return compared;
  }
}
