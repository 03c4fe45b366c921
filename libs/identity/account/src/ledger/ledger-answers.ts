import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { LedgerRefusedError, type LedgerDraft, type LedgerEntry } from '@countersign/ledger';
import { SessionEndingsInSteps } from '@countersign/sessions';
import { Erasures, type LedgerStanding } from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import { ErasureCompletion } from '../erasure/erasure-completion';
import { LedgerComparison, type Compared } from './ledger-comparison';
import { accountEvents } from '../account.feature';

export interface ListedErasure extends Pick<LedgerEntry, 'number' | 'at' | 'run' | 'userId'> {
  /**
   * An answer erases only a `present` account. A `merged` account is a part of another one. A `disowned` account was
   * not erased by an earlier answer. An `under-another-id` account is present, and was erased under the id of another
   * database. If this backup is older than an answer `foreign`, it was erased after that answer.
   */
  readonly account: LedgerStanding | 'disowned' | 'under-another-id';
  /** The accounts that are merged into it here and that the ledger does not name. The erasure takes them too. */
  readonly mergedIntoIt: readonly string[];
  /** The ids of things that the erasure destroys for good, such as wallets. */
  readonly forfeit: readonly string[];
}

export interface LedgerList extends Pick<Compared, 'state' | 'missing' | 'unverified'> {
  readonly since: Date | null;
  readonly unknownMarks: number;
  readonly erasures: readonly ListedErasure[];
  /** The SHA-256 digest of the state and of the erasures as they are listed. */
  readonly digest: string;
}

@Injectable()
export class LedgerAnswers {
  constructor(
    private readonly database: Database,
    private readonly comparison: LedgerComparison,
    private readonly erasures: Erasures,
    private readonly accountData: AccountDataOfModules,
    private readonly completion: ErasureCompletion,
    private readonly endings: SessionEndingsInSteps,
    private readonly audit: AuditService,
  ) {}

  /** @throws LedgerAwayError */
  async list(): Promise<LedgerList> {
    return (await this.examine()).list;
  }

  /**
   * The database is a restored backup. Erases the listed accounts, and ends the refused sessions. Can be repeated.
   * @param kept ids of listed accounts that are not erased
   * @returns how many accounts are erased
   * @throws LedgerAwayError also if another process writes to the ledger, or another operator answers meanwhile
   */
  async restored(digest: string, kept: readonly string[]): Promise<number> {
    const { compared, list } = await this.examine(digest);
    if (list.state === 'behind')
      throw new LedgerRefusedError('The ledger lacks entries, so only `ledger foreign` answers.');
    const own = list.erasures.filter(({ account }) => account !== 'under-another-id');
    const isKept = ({ userId }: ListedErasure): boolean => kept.includes(userId ?? '');
    if (!kept.every((id) => own.some(({ userId }) => userId === id)))
      throw new LedgerRefusedError('--keep must be a user id of the list.');
    const id = randomUUID();
    const question = await this.comparison.open(compared, id);
    const disowned = own.filter((erasure) => isKept(erasure) && erasure.account !== 'disowned');
    const drafts = [...disownedBy(disowned), { kind: 'mark', id } as const];
    const ledgerNumber = await this.comparison.append(question.id, compared, drafts);
    let erased = 0;
    const assertAsked = (tx: EntityManager) => this.comparison.assertAsked(tx, question);
    for (const { userId, account } of own)
      if (userId && account === 'present' && !kept.includes(userId))
        if (await this.completion.destroy(userId, assertAsked)) erased += 1;
    await this.database.transaction(assertAsked);
    const endedSessions = await this.endings.endOpenedBefore(question.disputedSince);
    await this.database.transaction(async (tx) => {
      await this.comparison.end(tx, question, { proofsNotBefore: question.disputedSince, ledgerNumber });
      await this.audit.recordByOperator(tx, accountEvents.installationRestored, {
        details: {
          erasedAccounts: String(erased),
          keptAccounts: String(kept.length),
          endedSessions: String(endedSessions),
        },
      });
    });
    return erased;
  }

  /**
   * The entries belong to another database. This database gets a new id in the ledger.
   * @returns how many erasures are disowned
   * @throws LedgerAwayError
   */
  async foreign(digest: string): Promise<number> {
    const { compared, list } = await this.examine(digest);
    const erasures = list.erasures.filter(({ account }) => account !== 'under-another-id');
    const id = randomUUID();
    const drafts = [...disownedBy(erasures), { kind: 'mark' } as const];
    const ledgerNumber = await this.comparison.append(id, { last: 0, taken: new Set() }, drafts);
    await this.database.transaction(async (tx) => {
      await this.comparison.end(tx, compared.installation, { id, ledgerNumber });
      const details = { disownedErasures: String(erasures.length) };
      await this.audit.recordByOperator(tx, accountEvents.installationSeparated, { details });
    });
    return erasures.length;
  }

  /** @param digest the digest of the list that the operator has read. It requires an open question. */
  private async examine(
    digest?: string,
  ): Promise<{ readonly compared: Compared; readonly list: LedgerList }> {
    if (!this.comparison.isStored)
      throw new LedgerRefusedError('ERASURE_LEDGER is not set: there is no ledger of erasures.');
    const compared = await this.comparison.compare(true);
    const { state, installation, unknown, verified, missing, unverified } = compared;
    const unknownErasures = new Set(unknown.filter(({ kind }) => kind === 'erasure'));
    const others = verified.filter(
      (entry) => entry.kind === 'erasure' && entry.installation !== installation.id,
    );
    const entries = [...unknownErasures, ...others];
    const erasures: ListedErasure[] = [];
    for (const entry of entries) {
      const listed = await this.describe(entry, entries, compared);
      if (unknownErasures.has(entry) || listed.account !== 'gone') erasures.push(listed);
    }
    const list = {
      ...{ state, since: installation.disputedSince, missing, erasures, unverified },
      unknownMarks: unknown.length - unknownErasures.size,
      digest: sha256(JSON.stringify([installation.id, state, erasures])).toString('hex'),
    };
    if (digest !== undefined && state === 'fine')
      throw new LedgerRefusedError('The ledger and the database agree: there is nothing to answer.');
    if (digest !== undefined && digest !== list.digest)
      throw new LedgerRefusedError('The digest is of another list: run `countersign ledger list` again.');
    return { compared, list };
  }

  private async describe(
    { installation, number, at, run, userId }: LedgerEntry,
    all: readonly LedgerEntry[],
    compared: Compared,
  ): Promise<ListedErasure> {
    const id = userId ?? '';
    return this.database.transaction(async (tx) => {
      const { standing, aliases } = await this.erasures.standingOf(tx, id);
      const isPresent = standing === 'present';
      const isOwn = installation === compared.installation.id;
      const ofAnother = isPresent ? 'under-another-id' : 'gone';
      return {
        ...{ number, at, run, userId },
        account: !isOwn ? ofAnother : compared.erased.includes(id) ? standing : 'disowned',
        mergedIntoIt: aliases.filter((alias) => !all.some((entry) => entry.userId === alias)),
        forfeit: isPresent ? await this.accountData.objectionsTo('erasure', tx, id) : [],
      };
    });
  }
}

function disownedBy(erasures: readonly ListedErasure[]): readonly LedgerDraft[] {
  return erasures.map(({ number }) => ({ kind: 'disowned', refersTo: number }));
}
