import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, Logger } from '@countersign/runtime';
import { Database, Recurring } from '@countersign/database';
import {
  ErasureLedger,
  LedgerAwayError,
  type LedgerDraft,
  type LedgerEntry,
  type LedgerNumbers,
} from '@countersign/ledger';
import { SessionsService } from '@countersign/sessions';
import { Erasures, Installation } from '@countersign/users';
import { accountError } from '../account.errors';

const HINTS = {
  fine: null,
  disputed:
    'the ledger has entries that this database does not know: run `countersign ledger list`, and answer',
  behind:
    'the ledger lacks entries that this database knows, so erasures wait: run `countersign ledger list`',
} as const;

/**
 * `disputed`: the ledger has entries that this database does not know, so the database was restored, or shares its
 * ledger with a copy. `behind`: the ledger lacks entries that this database knows. An operator answers both.
 */
export type LedgerState = keyof typeof HINTS;
type Settings = Awaited<ReturnType<Installation['read']>>;
/** Identifies the question that an operator answers. A later answer has another pending mark. */
export type Question = Pick<Settings, 'id' | 'ledgerNumber' | 'pendingMark' | 'disputedSince'>;

export interface Compared extends LedgerNumbers {
  readonly state: LedgerState;
  readonly installation: Settings;
  /** The entries from the highest one that the database knows, or all entries of all installations. */
  readonly verified: readonly LedgerEntry[];
  readonly unverified: readonly LedgerEntry[];
  /** The verified marks and erasures that the database does not know. */
  readonly unknown: readonly LedgerEntry[];
  /** The ids of accounts that the unknown erasures name. Disowned erasures are left out. */
  readonly erased: readonly string[];
  /** How many entries before the last one are gone. */
  readonly missing: number;
}

/** Compares the database with the ledger of erasures, and moves its mark each hour. Writes only where both agree. */
@Injectable()
@Recurring({ name: 'ledger-mark', cron: '7 * * * *', everyMinutes: 60 })
export class LedgerComparison {
  private isCompared = false;
  private state: LedgerState = 'fine';

  constructor(
    private readonly database: Database,
    private readonly ledger: ErasureLedger,
    private readonly installation: Installation,
    private readonly erasures: Erasures,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get isStored(): boolean {
    return this.ledger.isStored;
  }

  /** Whether `start` is done; until then nothing may be served. */
  get isReady(): boolean {
    return this.isCompared || !this.ledger.isStored;
  }

  /** Erases no account. Can be repeated. @throws LedgerAwayError */
  async start(): Promise<void> {
    if (!this.ledger.isStored) return;
    await this.ledger.prepare();
    const compared = await this.compare(true);
    if (compared.state === 'disputed') await this.open(compared);
    else await this.run();
    this.isCompared = true;
  }

  /**
   * Moves the mark. It is stored as pending first, so that no other process takes it for an unknown mark.
   * @returns the state; nothing is written unless it is `fine`
   * @throws LedgerAwayError
   */
  async run(): Promise<LedgerState> {
    for (;;) {
      const compared = await this.compare();
      const { state, installation, verified } = compared;
      if (state !== 'fine' || !this.ledger.isStored) return state;
      const id = installation.pendingMark ?? (await this.database.transaction((tx) => this.prepareMark(tx)));
      const known = verified.find((entry) => entry.id === id)?.number;
      const mark = { kind: 'mark', id } as const;
      const number = known ?? (await this.ledger.append(installation.id, compared, [mark]));
      if (number === null) continue;
      await this.database.transaction((tx) => this.installation.noteLedger(tx, number, id));
      return state;
    }
  }

  /**
   * Reads the ledger first and the database second, so that the database knows every entry that was written meanwhile.
   * @param isWhole all entries, and not only those from the highest one that the database knows
   * @throws LedgerAwayError
   */
  async compare(isWhole = false): Promise<Compared> {
    const { id, ledgerNumber } = await this.installation.read();
    const from = isWhole ? 0 : Math.max(0, ledgerNumber - 1);
    const { verified, unverified } = await this.ledger.read(id, isWhole ? 'whole' : from);
    const own = verified.filter(({ installation }) => installation === id);
    const later = own.filter(({ number }) => number > ledgerNumber);
    const begun = await this.erasures.begun(later.flatMap(({ userId }) => userId ?? []));
    const installation = await this.installation.read();
    if (installation.id !== id) return this.compare(isWhole);
    const unknown = later.filter(
      ({ number, kind, id: entryId, userId }) =>
        number > installation.ledgerNumber &&
        ((kind === 'mark' && entryId !== installation.pendingMark) ||
          (kind === 'erasure' && !begun.has(userId ?? ''))),
    );
    const disowned = new Set(own.map(disownedBy));
    const erasures = unknown.filter(({ number }) => !disowned.has(number));
    const taken = new Set(unverified.flatMap((entry) => (entry.installation === id ? entry.number : [])));
    const last = own.reduce((highest, { number }) => Math.max(highest, number), from);
    const missing = last - from - own.length - [...taken].filter((number) => number < last).length;
    const isBehind =
      this.ledger.isStored && ledgerNumber > 0 && !own.some(({ number }) => number >= ledgerNumber);
    const isDisputed = installation.disputedSince !== null || unknown.length > 0;
    const state = isDisputed ? 'disputed' : isBehind ? 'behind' : 'fine';
    if (taken.size > 0 || missing > 0)
      this.logger.warn(
        { entries: taken.size, missing },
        'the ledger lacks entries, or has entries that do not verify, which have no effect',
      );
    const hint = HINTS[state];
    if (hint && state !== this.state) this.logger.warn({ since: installation.disputedSince }, hint);
    this.state = state;
    const erased = erasures.flatMap(({ userId }) => userId ?? []);
    return { state, installation, verified, unverified, unknown, erased, missing, last, taken };
  }

  /** Checks a request for an erasure. It passes if the ledger is away. */
  async assertErasable(): Promise<void> {
    const state = await this.compare().then(
      (compared) => compared.state,
      async (error: unknown) => {
        if (!(error instanceof LedgerAwayError)) throw error;
        return (await this.installation.read()).disputedSince ? 'disputed' : 'fine';
      },
    );
    if (state !== 'fine') throw accountError('account.erasures_wait');
  }

  /** @throws LedgerAwayError also where erasures wait for an operator's answer */
  async assertFine(): Promise<Compared> {
    const compared = await this.compare();
    if (compared.state === 'fine') return compared;
    throw new LedgerAwayError(
      `Erasures wait: the ledger is ${compared.state}. Run \`countersign ledger list\`, and answer.`,
    );
  }

  /** Writes entries durably. @returns the number of the last one; 0 without a ledger @throws LedgerAwayError */
  async write(drafts: readonly LedgerDraft[]): Promise<number> {
    for (;;) {
      const compared = await this.assertFine();
      if (!this.ledger.isStored) return 0;
      const number = await this.ledger.append(compared.installation.id, compared, drafts);
      if (number !== null) return number;
    }
  }

  /** Writes an operator's answer. @returns the number of the last entry @throws LedgerAwayError */
  async append(id: string, behind: LedgerNumbers, drafts: readonly LedgerDraft[]): Promise<number> {
    const number = await this.ledger.append(id, behind, drafts);
    if (number !== null) return number;
    throw new LedgerAwayError('Another process has written meanwhile: run `countersign ledger list`.');
  }

  /** The question that an operator has to answer, or null. */
  async hint(): Promise<string | null> {
    if ((await this.installation.read()).disputedSince) return HINTS.disputed;
    if (this.state !== 'fine') await this.compare();
    return HINTS[this.state];
  }

  /**
   * Asks the operator: closes the accounts that the ledger says are erased, and refuses old sessions and proofs by
   * `installation.disputed_since`, which statements read. Can be repeated.
   * @param pendingMark the mark of an answer, which ends other answers
   * @throws LedgerAwayError if an operator has answered meanwhile
   */
  async open(
    { installation, erased }: Compared,
    pendingMark = installation.pendingMark,
  ): Promise<Question & { readonly disputedSince: Date }> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const here = await this.erasures.dispute(tx, erased, now);
      const { disputedSince } = await this.installation.lock(tx);
      // Another replica may have asked at the same moment.
      await this.assertAsked(tx, {
        ...installation,
        disputedSince: installation.disputedSince ?? disputedSince,
      });
      const asked = { ...installation, pendingMark, disputedSince: disputedSince ?? now };
      // Wallets stop until an operator has answered.
      const first = { disputedSince: now, restoredAt: now };
      await this.installation.save(tx, { pendingMark, ...(disputedSince ? {} : first) });
      await this.sessions.readAllAgain(tx);
      // Sessions from before the dispute are refused already.
      for (const userId of here)
        await this.sessions.end(tx, { userId, openedSince: asked.disputedSince }, 'erased', { by: 'system' });
      return asked;
    });
  }

  /** Locks the question until the transaction ends. @throws LedgerAwayError if an operator has answered */
  async assertAsked(tx: EntityManager, question: Question): Promise<void> {
    if (textOf(await this.installation.lock(tx)) !== textOf(question))
      throw new LedgerAwayError('Another operator has answered meanwhile: run `countersign ledger list`.');
  }

  /** Ends the question with the operator's answer, and opens the accounts that are closed. @throws LedgerAwayError */
  async end(
    tx: EntityManager,
    question: Question,
    answer: Parameters<Installation['save']>[1],
  ): Promise<void> {
    await this.assertAsked(tx, question);
    await this.erasures.openDisputed(tx);
    await this.installation.save(tx, { ...answer, pendingMark: null, disputedSince: null });
    await this.sessions.readAllAgain(tx);
  }

  private async prepareMark(tx: EntityManager): Promise<string> {
    const { pendingMark } = await this.installation.lock(tx);
    const id = pendingMark ?? randomUUID();
    await this.installation.save(tx, { pendingMark: id });
    return id;
  }
}

/** The number of the erasure that an entry disowns. Numbers of a `foreign` answer are of the former id: no effect. */
function disownedBy({ kind, number, refersTo }: LedgerEntry): number | null {
  return kind === 'disowned' && refersTo !== null && refersTo < number ? refersTo : null;
}

function textOf({ id, ledgerNumber, pendingMark, disputedSince }: Question): string {
  return JSON.stringify([id, ledgerNumber, pendingMark, disputedSince]);
}
