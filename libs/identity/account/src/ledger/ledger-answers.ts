import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { ErasureLedger, LedgerAwayError, type LedgerDraft, type LedgerEntry } from '@countersign/ledger';
import { SessionEndingsInSteps } from '@countersign/sessions';
import { Erasures, UsersService } from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import { ErasureCompletion } from '../erasure/erasure-completion';
import { Disputes, erasuresIn } from './disputes';
import { LedgerComparison, type Compared } from './ledger-comparison';

export interface ListedErasure extends Pick<LedgerEntry, 'number' | 'at' | 'run' | 'userId'> {
  /** Only a `present` one is erased. `merged`: it is a part of another account here. `disowned`: it was kept before. */
  readonly account: 'present' | 'merged' | 'gone' | 'disowned';
  /** Accounts that are merged into it here, and that the ledger does not name: the erasure takes them too. */
  readonly mergedIntoIt: readonly string[];
  /** The ids of things that the erasure destroys for good, such as wallets. */
  readonly forfeit: readonly string[];
}

export interface LedgerList extends Pick<Compared, 'state'> {
  /** The id of this database in the ledger. */
  readonly installation: string;
  readonly since: Date | null;
  readonly unknownMarks: number;
  readonly erasures: readonly ListedErasure[];
  /** People who are present here, and who were erased under the id of another database. If this backup is older than an answer `foreign`, they were erased after that answer. */
  readonly underOtherIds: readonly ListedErasure[];
  /** All entries of the ledger that do not verify. */
  readonly unverified: readonly LedgerEntry[];
  /** The SHA-256 digest of the unknown erasures. It includes disowned erasures. */
  readonly digest: string;
}

/** Lists the differences between the ledger and the database, and carries out the operator's answer. */
@Injectable()
export class LedgerAnswers {
  constructor(
    private readonly database: Database,
    private readonly ledger: ErasureLedger,
    private readonly comparison: LedgerComparison,
    private readonly disputes: Disputes,
    private readonly erasures: Erasures,
    private readonly users: UsersService,
    private readonly accountData: AccountDataOfModules,
    private readonly completion: ErasureCompletion,
    private readonly endings: SessionEndingsInSteps,
    private readonly audit: AuditService,
  ) {}

  /** @throws LedgerAwayError */
  async list(): Promise<LedgerList> {
    const compared = await this.comparison.compare();
    const { verified, unverified } = await this.ledger.read(null, 0);
    const { state, unknown, installation } = compared;
    const erasures = unknown.filter(({ kind }) => kind === 'erasure');
    const repeated = erasuresIn(compared);
    const listed: ListedErasure[] = [];
    for (const entry of erasures)
      listed.push(
        await this.describe(
          entry,
          erasures.map(({ userId }) => userId),
          !repeated.includes(entry),
        ),
      );
    const underOtherIds: ListedErasure[] = [];
    for (const entry of verified)
      if (entry.kind === 'erasure' && entry.installation !== installation.id)
        underOtherIds.push(await this.describe(entry, [], false));
    return {
      ...{ state, since: installation.disputedSince, erasures: listed, unverified },
      installation: installation.id,
      unknownMarks: unknown.filter(({ kind }) => kind === 'mark').length,
      underOtherIds: underOtherIds.filter(({ account }) => account === 'present'),
      digest: digestOf(compared),
    };
  }

  /**
   * The database is a restored backup: erases the listed accounts, and ends the sessions that are refused. Can be repeated.
   * @param kept ids of listed accounts that are not erased
   * @returns how many accounts are erased
   * @throws LedgerAwayError also where another process writes to the ledger, or another operator answers meanwhile
   */
  async restored(list: LedgerList, kept: readonly string[]): Promise<number> {
    const { erasures } = list;
    const compared = await this.compareWith(list);
    const { id, ledgerNumber } = compared.installation;
    const since = await this.disputes.open(compared);
    const question = { id, disputedSince: since };
    const disowned = erasures.filter(
      ({ userId, account }) => account !== 'disowned' && kept.includes(userId ?? ''),
    );
    const number = await this.append(id, compared.last, disownedBy(disowned));
    let erased = 0;
    for (const { userId, account } of erasures) {
      if (!userId || account !== 'present' || kept.includes(userId)) continue;
      await this.disputes.assertAsked(question);
      if (await this.completion.destroy(userId, 0)) erased += 1;
    }
    await this.disputes.assertAsked(question);
    const endedSessions = await this.endings.endOpenedBefore(since);
    await this.database.transaction(async (tx) => {
      const known = Math.max(number, ledgerNumber);
      await this.disputes.end(tx, question, { proofsNotBefore: since, ledgerNumber: known });
      await this.audit.record(tx, 'installation.restored', {
        actor: operator(),
        details: {
          erasedAccounts: String(erased),
          keptAccounts: String(kept.length),
          endedSessions: String(endedSessions),
        },
      });
    });
    return erased;
  }

  /** The entries are of another database: this one gets a new id in the ledger. @throws LedgerAwayError */
  async foreign(list: LedgerList): Promise<void> {
    const { erasures } = list;
    const { installation } = await this.compareWith(list);
    const id = randomUUID();
    const number = await this.append(id, 0, [...disownedBy(erasures), { kind: 'mark' }]);
    await this.database.transaction(async (tx) => {
      await this.disputes.end(tx, installation, { id, ledgerNumber: number });
      const details = { disownedErasures: String(erasures.length) };
      await this.audit.record(tx, 'installation.separated', { actor: operator(), details });
    });
  }

  /** @throws LedgerAwayError if the list is no longer true, for example after another answer */
  private async compareWith({ installation, state, digest }: LedgerList): Promise<Compared> {
    const compared = await this.comparison.compare();
    const isSame = compared.installation.id === installation && compared.state === state;
    if (isSame && digestOf(compared) === digest) return compared;
    throw new LedgerAwayError('The list has changed meanwhile: run `countersign ledger list`.');
  }

  private async append(id: string, known: number, drafts: readonly LedgerDraft[]): Promise<number> {
    const number = drafts.length === 0 ? known : await this.ledger.append(id, known, drafts);
    if (number !== null) return number;
    throw new LedgerAwayError(
      'Another process has written to the ledger meanwhile: run `countersign ledger list`.',
    );
  }

  private async describe(
    { number, at, run, userId }: LedgerEntry,
    named: readonly (string | null)[],
    isDisowned: boolean,
  ): Promise<ListedErasure> {
    const id = userId ?? '';
    return this.database.transaction(async (tx) => {
      const isThere = !isDisowned && (await this.users.lockIfThere(tx, id));
      const isMerged = (await this.users.resolveId(id, tx)) !== id;
      const [, ...aliases] = isThere ? await this.erasures.idsOf(tx, id) : [];
      return {
        ...{ number, at, run, userId },
        account: isDisowned ? 'disowned' : isThere ? 'present' : isMerged ? 'merged' : 'gone',
        mergedIntoIt: aliases.filter((alias) => !named.includes(alias)),
        forfeit: isThere ? await this.accountData.objectionsTo('erasure', tx, id) : [],
      };
    });
  }
}

function digestOf({ unknown }: Compared): string {
  const erasures = unknown.filter(({ kind }) => kind === 'erasure');
  return sha256(lengthPrefixed(erasures.flatMap(({ id, userId }) => [id, userId ?? '']))).toString('hex');
}

function disownedBy(erasures: readonly ListedErasure[]): readonly LedgerDraft[] {
  return erasures.map(({ number }) => ({ kind: 'disowned', refersTo: number }));
}
