import { Injectable } from '@nestjs/common';
import { Clock, Configuration, DAY, earliest, HOUR, Logger, Metrics, utcDayOf } from '@countersign/runtime';
import { KeyRing } from '@countersign/crypto';
import { Database, Recurring } from '@countersign/database';
import { AuditService } from '../audit.service';
import { operator } from '../operator';
import { hashOf, isGenuine, NO_BLOCK, type AuditBlock } from './audit-block';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { auditEvents } from '../audit.feature';

const BLOCKS_PER_READ = 1_000;
const DAYS_OF_JOB = 2;

/** `missing`: a block or its records are gone. `differs`: something differs from the signed content. */
interface Problem {
  readonly verdict: 'missing' | 'differs';
  /** The first wrong block; null for records that are in no block. */
  readonly block: number | null;
  readonly detail: string;
}

export interface AuditVerdict {
  readonly verdict: 'intact' | 'late' | 'missing' | 'differs';
  readonly block: number | null;
  readonly detail: string;
  readonly blocks: number;
  readonly records: number;
  /** Records that were committed after the block of their time was made. */
  readonly late: number;
  /** Blocks whose records are older than the retention time. */
  readonly expired: number;
  /** Blocks of a key that the ring no longer has. The blocks after them confirm them. */
  readonly unknownKeys: number;
  readonly last: { readonly number: number; readonly hash: string } | null;
  readonly tail: 'as-logged' | 'not-compared' | 'wrong';
}

interface VerifyOptions {
  /** Logged blocks from outside of the database. They show whether the end of the trail was cut off. */
  readonly lines?: readonly AuditBlock[];
  /** The number of a trusted block: only later blocks are compared. 0 for all. */
  readonly after?: number;
  readonly actor?: string;
}

/** Compares the audit trail with its signed blocks. It writes only the record of the outcome. */
@Injectable()
@Recurring({ name: 'audit-verify', cron: '11 4 * * *', everyMinutes: 24 * 60 })
export class AuditVerifier {
  private problems: number | null = null;

  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_audit_problems',
      'Whether the last verification of the audit trail at this replica found something wrong; absent before the first.',
      'job_name',
      () => (this.problems === null ? {} : { 'audit-verify': this.problems }),
    );
  }

  /** Verifies the newest days. A mismatch is not a failure of the job: it is logged, counted and recorded. */
  async run(): Promise<AuditVerdict['verdict']> {
    const limit = new Date(this.clock.now().getTime() - DAYS_OF_JOB * DAY);
    const before = await this.database.read((manager) => this.blocks.last(manager, limit));
    const { verdict, block, detail } = await this.verify({ after: before?.number ?? 0, actor: 'system' });
    this.problems = Number(verdict === 'missing' || verdict === 'differs');
    if (this.problems > 0)
      this.logger.error({ code: verdict, block, detail }, 'the audit trail does not verify');
    return verdict;
  }

  async verify({ lines = [], after = 0, actor = operator() }: VerifyOptions = {}): Promise<AuditVerdict> {
    const seen = { blocks: 0, records: 0, late: 0, expired: 0, unknownKeys: 0 };
    const dropped = new Set(
      after === 0 ? await this.database.read((manager) => this.blocks.droppedDays(manager)) : [],
    );
    const trusted =
      after === 0 ? null : await this.database.read((manager) => this.blocks.find(manager, after));
    let last = trusted;
    let problem: Problem | null = after > 0 && !last ? gone(after) : null;
    for (
      let batch = await this.next(after);
      !problem && batch.length > 0;
      batch = await this.next(last?.number ?? 0)
    )
      for (const block of batch) {
        problem = this.chainProblem(block, last, seen) ?? (await this.contentProblem(block, dropped, seen));
        if (problem) break;
        seen.blocks += 1;
        last = block;
      }
    // The blocks after it confirm a block of an unknown key.
    if (last && this.isGenuine(last) === null) problem ??= differs(last.number, 'the key ring lacks its key');
    if (last && last !== trusted) problem ??= await this.unsignedProblem(trusted, last, seen.records);
    const ofTail = await this.tailProblem(lines);
    problem ??= ofTail;
    const verdict: AuditVerdict = {
      verdict: problem?.verdict ?? (seen.late > 0 ? 'late' : 'intact'),
      block: problem?.block ?? null,
      detail: problem?.detail ?? '',
      ...seen,
      last: last && { number: last.number, hash: hashOf(last).toString('base64url') },
      tail: ofTail ? 'wrong' : lines.length > 0 ? 'as-logged' : 'not-compared',
    };
    await this.record(verdict, actor);
    return verdict;
  }

  isGenuine(block: AuditBlock): boolean | null {
    return isGenuine(block, this.keyRing);
  }

  private next(after: number): Promise<readonly AuditBlock[]> {
    return this.database.read((manager) => this.blocks.after(manager, after, BLOCKS_PER_READ));
  }

  private chainProblem(
    block: AuditBlock,
    last: AuditBlock | null,
    seen: { unknownKeys: number },
  ): Problem | null {
    const { number } = block;
    const expected = (last?.number ?? 0) + 1;
    if (number !== expected) return gone(expected);
    const { before, horizon } = last ?? { before: block.since, horizon: block.sinceHorizon };
    const isNext =
      block.previous.equals(last ? hashOf(last) : NO_BLOCK) &&
      block.since.getTime() === before.getTime() &&
      block.sinceHorizon === horizon &&
      block.before <= block.signedAt;
    if (!isNext) return differs(number, 'it does not follow the block in front');
    const genuine = this.isGenuine(block);
    seen.unknownKeys += genuine === null ? 1 : 0;
    return genuine === false ? differs(number, 'its signature is wrong') : null;
  }

  private async contentProblem(
    block: AuditBlock,
    dropped: ReadonlySet<string>,
    seen: { records: number; late: number; expired: number },
  ): Promise<Problem | null> {
    const found = await this.database.read((manager) => this.blocks.contentOf(manager, block));
    seen.records += found.count;
    if (this.isExpired(block, found.firstAt, dropped)) {
      seen.expired += 1;
      return null;
    }
    seen.late += block.late;
    if (found.count < block.count)
      return {
        verdict: 'missing',
        block: block.number,
        detail: `${block.count - found.count} of its records are gone`,
      };
    const isSame = found.count === block.count && found.records.equals(block.records);
    return isSame ? null : differs(block.number, 'its records are not what was signed');
  }

  /** @param left the oldest stored record: a dropped day has none */
  private isExpired({ firstAt }: AuditBlock, left: Date | null, dropped: ReadonlySet<string>): boolean {
    const limit = this.clock.now().getTime() - this.configuration.auditRetentionDays * DAY;
    if (firstAt.getTime() < limit) return true;
    return dropped.has(utcDayOf(firstAt)) && (left === null || !dropped.has(utcDayOf(left)));
  }

  /** Records that an attacker dated back are in no block. */
  private async unsignedProblem(
    trusted: AuditBlock | null,
    last: AuditBlock,
    records: number,
  ): Promise<Problem | null> {
    const begin = trusted?.before ?? (await this.database.read((manager) => this.audit.earliest(manager)));
    let count = 0;
    // One hour per statement: a statement over days of many sign-ins would take too long.
    for (let from = begin ?? last.before; from < last.before;) {
      const to = earliest(last.before, new Date(from.getTime() + HOUR));
      count += await this.database.read((manager) => this.blocks.countSigned(manager, from, to, last));
      from = to;
    }
    return count > records
      ? { ...differs(0, `${count - records} records are in no block`), block: null }
      : null;
  }

  private async tailProblem(lines: readonly AuditBlock[]): Promise<Problem | null> {
    for (const line of lines.toSorted((one, other) => one.number - other.number)) {
      const found = await this.database.read((manager) => this.blocks.find(manager, line.number));
      if (!found) return gone(line.number);
      if (!hashOf(found).equals(hashOf(line)))
        return differs(line.number, 'it is not the block that was logged');
    }
    return null;
  }

  private async record({ verdict, block, blocks, last }: AuditVerdict, actor: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(tx, auditEvents.verified, {
        actor,
        details: {
          outcome: verdict,
          blocks: String(blocks),
          ...(block === null ? {} : { block: String(block) }),
          ...(last ? { hash: last.hash } : {}),
        },
      }),
    );
  }
}

function gone(block: number): Problem {
  return { verdict: 'missing', block, detail: 'the block is gone' };
}

function differs(block: number, detail: string): Problem {
  return { verdict: 'differs', block, detail };
}
