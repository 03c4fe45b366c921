import { Injectable } from '@nestjs/common';
import { ErasureLedger, LedgerAwayError, type LedgerDraft, type LedgerEntry } from '@countersign/ledger';
import { Erasures, Installation } from '@countersign/users';
import { accountError } from '../account.errors';

/**
 * `disputed`: the ledger has entries that this database does not know, so the database was restored, or shares its ledger with
 * a copy. `behind`: the ledger lacks entries that this database knows. An operator answers both.
 */
export type LedgerState = 'fine' | 'disputed' | 'behind';

export interface Compared {
  readonly state: LedgerState;
  readonly installation: Awaited<ReturnType<Installation['read']>>;
  /** Entries with a good MAC, from the highest one that the database knows. */
  readonly verified: readonly LedgerEntry[];
  /** The verified marks and erasures that the database does not know. */
  readonly unknown: readonly LedgerEntry[];
  readonly unverified: readonly LedgerEntry[];
  readonly last: number;
}

/** Compares the database with the ledger of erasures, and writes to the ledger only where they agree. */
@Injectable()
export class LedgerComparison {
  constructor(
    private readonly ledger: ErasureLedger,
    private readonly installation: Installation,
    private readonly erasures: Erasures,
  ) {}

  /**
   * Reads the ledger first and the database second, so that the database knows every entry that was written meanwhile.
   * @throws LedgerAwayError
   */
  async compare(): Promise<Compared> {
    const { id, ledgerNumber } = await this.installation.read();
    const reading = await this.ledger.read(id, Math.max(0, ledgerNumber - 1));
    const erased = reading.verified.filter(({ kind }) => kind === 'erasure');
    const begun = await this.erasures.begun(erased.map(({ userId }) => userId ?? ''));
    const installation = await this.installation.read();
    if (installation.id !== id) return this.compare();
    const unknown = reading.verified.filter(
      ({ number, kind, id: entryId, userId }) =>
        number > installation.ledgerNumber &&
        ((kind === 'mark' && entryId !== installation.pendingMark) ||
          (kind === 'erasure' && !begun.has(userId ?? ''))),
    );
    const isThere = reading.verified.some(({ number }) => number >= ledgerNumber);
    const isBehind = this.ledger.isStored && ledgerNumber > 0 && !isThere;
    const isDisputed = installation.disputedSince !== null || unknown.length > 0;
    const state = isDisputed ? 'disputed' : isBehind ? 'behind' : 'fine';
    return { ...reading, state, installation, unknown };
  }

  /** @throws LedgerAwayError also where erasures wait for an operator's answer */
  async assertFine(): Promise<Compared> {
    const compared = await this.compare();
    if (compared.state === 'fine') return compared;
    throw new LedgerAwayError(
      `Erasures wait: the ledger is ${compared.state}. Run \`countersign ledger list\`, and answer.`,
    );
  }

  /** Checks a request for an erasure. If the ledger is away, the request is accepted and the erasure waits. @throws AppError account.erasures_wait */
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

  /** Writes entries durably. @returns the number of the last one; 0 without a ledger @throws LedgerAwayError */
  async write(drafts: readonly LedgerDraft[]): Promise<number> {
    if (!this.ledger.isStored) return 0;
    for (;;) {
      const { installation, last } = await this.assertFine();
      const number = await this.ledger.append(installation.id, last, drafts);
      if (number !== null) return number;
    }
  }
}
