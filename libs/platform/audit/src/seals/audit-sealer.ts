import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, earliest, HOUR, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { FIRST_ID } from '../records/audit-pages.repository';
import { AuditService } from '../audit.service';
import type { AuditBlock } from './audit-block';
import { BlockMaker } from './block-maker';
import { unpackLeaves } from './block-leaves';
import { UnlistedRecords } from './unlisted-records';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { AuditWitness } from '../trail/audit-witness';
import { AuditDaysRepository } from './audit-days.repository';
import type { AuditDayEntity } from './audit-sealing.entities';
import { RecordMacs } from '../records/record-macs';
import { TrailAdoption } from '../trail/trail-adoption';
import { mayLackMac, type TrailOrigin, type TrailStart } from '../trail/trail-origin';
import {
  TransactionRecordsRepository,
  type Horizon,
  type SealPosition,
  type TransactionRecord,
} from './transaction-records.repository';

/** Records of one block. */
const MAX_RECORDS = 5_000;
/** Of one run: the next one goes on. */
const MAX_BLOCKS = 500;
/** A day stays open for at least so long after its end. */
const CLOSED_AFTER_MS = 2 * HOUR;
/** In a row: a replica that seals is done long before. */
const MAX_BLOCKED_RUNS = 3;
/** Of a day. PostgreSQL counts transactions from 3 on, and records of a version without the column `xid` have 0. */
const UNSEALED = { sealedBelow: '0', closingBelow: null };

/** One way through a day: what is settled is decided once. */
interface Pass {
  readonly day: AuditDayEntity;
  readonly horizon: Horizon;
  readonly position: SealPosition;
  readonly found: boolean;
  readonly start: TrailStart;
}

interface StepResult {
  readonly block: AuditBlock | null;
  /** Null when the day has no more. */
  readonly next: Pass | null;
}

/**
 * Seals settled records into blocks, a day after the other. A record is settled when no transaction that is open could have
 * been before it: then none appears behind it. A record that becomes visible later joins a later block.
 */
@Injectable()
@Recurring({ name: 'audit-seal', cron: '* * * * *', everyMinutes: 1 })
export class AuditSealer {
  private waitedSeconds: number | null = null;
  /** The oldest record that was found unsealed, while runs end without the lock. */
  private waitingSince: Date | null = null;
  private blockedRuns = 0;

  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly days: AuditDaysRepository,
    private readonly records: TransactionRecordsRepository,
    private readonly maker: BlockMaker,
    private readonly unlisted: UnlistedRecords,
    private readonly macs: RecordMacs,
    private readonly adoption: TrailAdoption,
    private readonly witness: AuditWitness,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_audit_unsealed_seconds',
      'Age in seconds of the oldest record that was in no block after two minutes, at the last run here; 0 without one.',
      'job_name',
      () => (this.waitedSeconds === null ? {} : { 'audit-seal': this.waitedSeconds }),
    );
  }

  /**
   * @returns the numbers of the new blocks; none when another process seals.
   * @throws AppError audit_key.lost, audit_trail.cut
   */
  async run(): Promise<readonly number[]> {
    const sealed: number[] = [];
    let isOver = false;
    try {
      isOver = await this.sealAll(sealed);
    } finally {
      if (!isOver) await this.measure();
    }
    this.blockedRuns = isOver ? 0 : this.blockedRuns + 1;
    if (this.blockedRuns >= MAX_BLOCKED_RUNS)
      this.logger.error(
        { runs: this.blockedRuns },
        'the audit trail is not sealed: another session holds the lock of its blocks',
      );
    return sealed;
  }

  /** Without the lock, which each role of the database can hold: what is not sealed shows nevertheless. */
  private async measure(): Promise<void> {
    const now = this.clock.now();
    try {
      for (const { day, range } of this.waitingSince ? [] : this.unlisted.slices(now)) {
        const [oldest] = await this.database.read((manager) => this.unlisted.find(manager, day, range));
        this.waitingSince ??= oldest?.occurredAt ?? null;
        if (oldest) break;
      }
      this.waitedSeconds = (now.getTime() - (this.waitingSince ?? now).getTime()) / SECOND;
    } catch (error) {
      this.logger.warn({ err: error }, 'what is not sealed of the audit trail could not be measured');
    }
  }

  /** @param sealed takes the numbers of the new blocks @returns false when another session holds the lock */
  private async sealAll(sealed: number[]): Promise<boolean> {
    await this.audit.prepare();
    const start = await this.beginTrail();
    if (!start) return false;
    const { days, horizon } = await this.database.read(async (manager) => ({
      days: await this.days.list(manager),
      horizon: await this.records.horizon(manager),
    }));
    for (const one of days) {
      let pass: Pass | null = isDone(one, horizon) ? null : await this.begin(one.day, start);
      while (pass && sealed.length < MAX_BLOCKS) {
        const current: Pass = pass;
        const result: StepResult | null = await this.database.transaction((tx) => this.step(tx, current));
        if (!result) return false;
        if (result.block) {
          sealed.push(result.block.number);
          this.maker.announce(result.block);
          // From its first block on, the ledger lets no trail begin.
          if (start.isNew && sealed.length === 1) await this.witness.report();
        }
        pass = result.next;
      }
    }
    return this.sealLate(start, sealed);
  }

  /** What the passes leave out: their `xid` was changed, or a transaction is open for long. */
  private async sealLate(start: TrailStart, sealed: number[]): Promise<boolean> {
    const now = this.clock.now();
    let oldest = now;
    for (const { day, range } of this.unlisted.slices(now)) {
      const blocks = await this.database.transaction(async (tx) => {
        if (!(await this.blocks.tryLock(tx))) return null;
        const found = await this.unlisted.find(tx, day, range);
        oldest = earliest(oldest, found[0]?.occurredAt ?? oldest);
        const genuine = this.genuine(day, found, start.origin);
        const made: AuditBlock[] = [];
        for (let at = 0; at < genuine.length; at += MAX_RECORDS)
          made.push(await this.maker.seal(tx, day, genuine.slice(at, at + MAX_RECORDS), start));
        return made;
      });
      if (!blocks) return false;
      for (const block of blocks) this.maker.announce(block);
      sealed.push(...blocks.map(({ number }) => number));
    }
    this.unlisted.noteLooked(now);
    this.waitingSince = null;
    this.waitedSeconds = (now.getTime() - oldest.getTime()) / SECOND;
    return true;
  }

  /** @returns null when another process seals */
  private async beginTrail(): Promise<TrailStart | null> {
    const begun = await this.database.transaction(async (tx) =>
      (await this.blocks.tryLock(tx)) ? this.adoption.begin(tx) : null,
    );
    if (begun?.block) {
      this.maker.announce(begun.block);
      await this.witness.report();
    }
    return begun;
  }

  /** @returns null for a day that needs nothing */
  private async begin(name: string, start: TrailStart): Promise<Pass | null> {
    return this.database.read(async (manager) => {
      const horizon = await this.records.horizon(manager);
      const day = (await this.days.list(manager)).find((one) => one.day === name);
      if (!day) return null;
      if (isDone(day, horizon)) return null;
      const { sealedBelow, closingBelow } = isRestored(day, horizon) ? UNSEALED : day;
      const position = { instant: fromOf(name).toISOString(), id: FIRST_ID };
      return {
        day: { ...day, sealedBelow, closingBelow, isClosed: false },
        horizon,
        position,
        found: false,
        start,
      };
    });
  }

  /** @returns null when another process seals */
  private async step(tx: EntityManager, pass: Pass): Promise<StepResult | null> {
    if (!(await this.blocks.tryLock(tx))) return null;
    const { day, horizon, position, start } = pass;
    const range = { from: fromOf(day.day), before: new Date(fromOf(day.day).getTime() + DAY) };
    const batch = await this.records.settled(tx, range, position, day.sealedBelow, horizon, MAX_RECORDS);
    const last = batch.at(-1);
    const records = last ? await this.toSeal(tx, day.day, batch, start.origin) : [];
    const block = records.length > 0 ? await this.maker.seal(tx, day.day, records, start) : null;
    if (last && batch.length === MAX_RECORDS) {
      const next = { instant: last.instant, id: last.id };
      return { block, next: { ...pass, position: next, found: pass.found || block !== null } };
    }
    const isOver = this.clock.now().getTime() >= range.before.getTime() + CLOSED_AFTER_MS;
    const closingBelow = isOver ? (day.closingBelow ?? horizon.xmax) : null;
    const areEnded = closingBelow !== null && BigInt(horizon.xmin) >= BigInt(closingBelow);
    const isClosed = areEnded && !pass.found && block === null;
    await this.days.save(tx, { day: day.day, sealedBelow: horizon.xmin, closingBelow, isClosed });
    return { block, next: null };
  }

  /** Without those that are in blocks already, and those that this service did not write. */
  private async toSeal(
    tx: EntityManager,
    day: string,
    batch: readonly TransactionRecord[],
    origin: TrailOrigin,
  ): Promise<readonly TransactionRecord[]> {
    const [from, last] = [batch[0]?.occurredAt, batch.at(-1)?.occurredAt];
    if (!from || !last) return [];
    const before = new Date(last.getTime() + 1);
    const lists = await this.blocks.overlapping(tx, day, { from, before });
    const known = new Set(
      lists.flatMap(({ leaves }) => ((leaves && unpackLeaves(leaves)) ?? []).map(({ id }) => id)),
    );
    return this.genuine(
      day,
      batch.filter(({ id }) => !known.has(id)),
      origin,
    );
  }

  private genuine(
    day: string,
    unsealed: readonly TransactionRecord[],
    origin: TrailOrigin,
  ): readonly TransactionRecord[] {
    const now = this.clock.now();
    const genuine = unsealed.filter((record) => {
      const answer = this.macs.check(record);
      return answer === 'right' || (answer === 'missing' && mayLackMac(origin, now));
    });
    const refused = unsealed.filter((record) => !genuine.includes(record));
    if (refused.length > 0)
      this.logger.error(
        { day, count: refused.length, firstId: refused[0]?.id },
        'records of the audit trail were not written by this service: they are not sealed',
      );
    return genuine;
  }
}

function isDone(day: AuditDayEntity, horizon: Horizon): boolean {
  return day.isClosed && !isRestored(day, horizon);
}

/** Transactions have been counted further than here: this database was restored into another cluster. */
function isRestored({ sealedBelow, closingBelow }: AuditDayEntity, { xmax }: Horizon): boolean {
  return BigInt(sealedBelow) > BigInt(xmax) || BigInt(closingBelow ?? 0) > BigInt(xmax);
}

function fromOf(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}
