import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ErasureLedger, type LedgerHead } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { auditError } from '../audit.errors';
import { hashOf, isReadable, type AuditBlock } from '../seals/audit-block';
import { auditProblems, type LedgerAnswer } from '../verification/audit-problem';
import { TrailEnds, type JudgedEnds } from './trail-ends';

interface LedgerComparison {
  readonly answer: LedgerAnswer;
  readonly head: LedgerHead | null;
}

/** The ends were read after the ledger, and by one statement. */
interface Asked extends LedgerComparison {
  readonly ends: JudgedEnds;
}

const NO_HEAD: LedgerHead = { number: 0, hash: '' };

/**
 * Writes the newest block to the ledger of erasures each hour, and compares before it does: write access to the database alone
 * cuts no block that the ledger knows.
 */
@Injectable()
@Recurring({ name: 'audit-witness', cron: '43 * * * *', everyMinutes: 60 })
export class AuditWitness {
  constructor(
    private readonly database: Database,
    private readonly ends: TrailEnds,
    private readonly ledger: ErasureLedger,
    private readonly logger: Logger,
  ) {}

  /** What differs is logged, and stays in the ledger. @returns the number of the newest block; null where none was written */
  async run(): Promise<number | null> {
    if (!this.ledger.isStored) return null;
    const { answer, head, ends } = await this.asked();
    if (answer === 'differs') {
      this.logger.error(
        { code: 'ledger_differs', block: head?.number },
        `the audit trail does not verify: ${auditProblems.ledger_differs}`,
      );
      return null;
    }
    const { last, key, isGenuine } = ends;
    if (last && !isGenuine)
      this.logger.error(
        { block: last.number },
        'the last block of the audit trail is not one of this service: the ledger of erasures does not take it',
      );
    // A trail of the version before is adopted first: the ledger lets none be adopted of which it knows a block.
    if (!last || !isGenuine || !key?.origin) return null;
    await this.ledger.writeHead(headOf(last));
    return last.number;
  }

  /** After a block that the ledger has to know at once. While it does not answer, the next run tells it. */
  async report(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn({ err: error }, 'the ledger of erasures does not know the end of the audit trail yet');
    }
  }

  /** `away` when the ledger does not answer. */
  async compare(): Promise<LedgerComparison> {
    try {
      return await this.asked();
    } catch (error) {
      this.logger.warn(
        { err: error },
        'the end of the audit trail is not compared with the ledger of erasures',
      );
      return { answer: 'away', head: null };
    }
  }

  /** @throws when the ledger does not answer */
  async isCut(): Promise<boolean> {
    return (await this.asked()).answer === 'differs';
  }

  /** Whether the ledger has a block of this trail, there or not. @throws when the ledger does not answer */
  async knowsBlock(): Promise<boolean> {
    return ((await this.ledger.readHead())?.number ?? 0) > 0;
  }

  /**
   * By an operator: the ledger forgets blocks that are not there. A trail of the version before can be adopted then.
   * @throws AppError audit_trail.cut where the last block is not one of this service
   */
  async accept(): Promise<void> {
    const { last, key, isGenuine } = await this.database.read((manager) => this.ends.read(manager));
    if (last && !isGenuine) throw auditError('audit_trail.cut');
    await this.ledger.replaceHead(last && key?.origin ? headOf(last) : NO_HEAD);
  }

  private async asked(): Promise<Asked> {
    const head = await this.ledger.readHead();
    const ends = await this.database.read((manager) => this.ends.read(manager, head?.number));
    if (!this.ledger.isStored) return { answer: 'none', head: null, ends };
    if (!head || head.number === 0) return { answer: 'new', head: null, ends };
    const isThere = !!ends.asked && isReadable(ends.asked) && headOf(ends.asked).hash === head.hash;
    return { answer: isThere ? 'matches' : 'differs', head, ends };
  }
}

function headOf(block: AuditBlock): LedgerHead {
  return { number: block.number, hash: hashOf(block).toString('base64url') };
}
