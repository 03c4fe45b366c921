import { Injectable } from '@nestjs/common';
import { Clock, DAY } from '@countersign/clock';
import { AppError } from '@countersign/errors';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { auditProblems, type AuditVerdict } from './audit-problem';
import { AuditVerifier } from './audit-verifier';

/** Days of which every run compares each record, and the number of runs in which all older ones have their turn. */
const NEWEST_DAYS = 2;
const RUNS_OF_A_TURN = 7;

/** Verifies the audit trail each day: all blocks, the newest days, and a seventh of the older ones. */
@Injectable()
@Recurring({ name: 'audit-verify', cron: '11 4 * * *', everyMinutes: 24 * 60 })
export class AuditVerification {
  private problems: number | null = null;

  constructor(
    private readonly verifier: AuditVerifier,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_audit_problems',
      'What the last verification of the audit trail at this replica found wrong; absent before the first.',
      'job_name',
      () => (this.problems === null ? {} : { 'audit-verify': this.problems }),
    );
  }

  /** A trail that does not verify is no failure of the job: it is logged as an error, counted and recorded. */
  async run(): Promise<Pick<AuditVerdict, 'isSound' | 'blocks' | 'records' | 'problemCount'>> {
    const today = Math.floor(this.clock.now().getTime() / DAY);
    const isWanted = (day: string): boolean => {
      const number = Math.floor(new Date(`${day}T00:00:00.000Z`).getTime() / DAY);
      return number > today - NEWEST_DAYS || number % RUNS_OF_A_TURN === today % RUNS_OF_A_TURN;
    };
    const verdict = await this.verify(isWanted);
    const { isSound, blocks, records, problemCount, problems } = verdict;
    this.problems = problemCount;
    for (const { code, block, day, recordId, principalId } of problems)
      this.logger.error(
        { code, block, day, recordId, principalId },
        `the audit trail does not verify: ${auditProblems[code]}`,
      );
    await this.verifier.reopen(verdict);
    return { isSound, blocks, records, problemCount };
  }

  /** A verification that fails has found something wrong, unless the database was away. */
  private async verify(isWanted: (day: string) => boolean): Promise<AuditVerdict> {
    try {
      return await this.verifier.verify({ isWanted, actor: 'system' });
    } catch (error) {
      if (!(error instanceof AppError)) this.problems = Math.max(1, this.problems ?? 0);
      throw error;
    }
  }
}
