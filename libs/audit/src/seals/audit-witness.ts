import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ErasureLedger, type LedgerHead } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { hashOf } from './audit-block';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { auditProblems, type LedgerAnswer } from './audit-problem';

export interface LedgerComparison {
  readonly answer: LedgerAnswer;
  readonly head: LedgerHead | null;
}

/**
 * Writes the newest block to the ledger of erasures each hour, and compares before it does: write access to the database alone
 * cuts no block that the ledger knows.
 */
@Injectable()
@Recurring({ name: 'audit-witness', cron: '43 * * * *', everyMinutes: 60 })
export class AuditWitness {
  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly ledger: ErasureLedger,
    private readonly logger: Logger,
  ) {}

  /** What differs is logged, and stays in the ledger. @returns the number of the newest block; null where none was written */
  async run(): Promise<number | null> {
    if (!this.ledger.isKept) return null;
    const { answer, head } = await this.asked();
    if (answer === 'differs') {
      this.logger.error(
        { code: 'ledger_differs', block: head?.number },
        `the audit trail does not verify: ${auditProblems.ledger_differs}`,
      );
      return null;
    }
    return this.write();
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

  /** By an operator: the ledger forgets blocks that are not there. */
  async accept(): Promise<void> {
    if ((await this.write()) === null) await this.ledger.writeHead({ number: 0, hash: '' });
  }

  private async write(): Promise<number | null> {
    const last = await this.database.read((manager) => this.blocks.last(manager));
    if (!last) return null;
    await this.ledger.writeHead({ number: last.number, hash: hashOf(last).toString('base64url') });
    return last.number;
  }

  private async asked(): Promise<LedgerComparison> {
    if (!this.ledger.isKept) return { answer: 'none', head: null };
    const head = await this.ledger.readHead();
    if (!head || head.number === 0) return { answer: 'new', head: null };
    const [block] = await this.database.read((manager) => this.blocks.after(manager, head.number - 1, 1));
    const isThere = block?.number === head.number && hashOf(block).toString('base64url') === head.hash;
    return { answer: isThere ? 'matches' : 'differs', head };
  }
}
