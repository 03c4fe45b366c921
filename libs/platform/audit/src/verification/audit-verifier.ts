import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, HOUR, MINUTE, utcDayOf } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { AuditService } from '../audit.service';
import { operator } from '../operator';
import { NewestRecords } from '../reading/newest-records';
import { isReadable, type AuditBlock, type PublicAuditKey } from '../seals/audit-block';
import { AuditBlocksRepository, type StoredBlock } from '../seals/audit-blocks.repository';
import { AuditDaysRepository } from '../seals/audit-days.repository';
import { AuditKeys } from '../seals/audit-keys';
import { Findings, type AuditVerdict } from './audit-problem';
import { checkBlock, NOT_CUT, SEALED_WITHIN_MS } from './block-check';
import { unpackLeaves } from '../seals/block-leaves';
import { ChainCheck, type Anchors } from './chain-check';
import { AuditWitness } from '../trail/audit-witness';
import { SealedJournals } from '../trail/sealed-journals';
import { formerOrigin, mayLackMac, type TrailOrigin } from '../trail/trail-origin';
import { GrantingRows } from './granting-rows';
import { RecordMacs } from '../records/record-macs';
import {
  TransactionRecordsRepository,
  type TransactionRecord,
} from '../seals/transaction-records.repository';

const BLOCKS_PER_READ = 1_000;
const LISTS_PER_READ = 20;
const MAX_UNSEALED = 10_000;
const HOURS = 24;
const LAST_WITHIN_MS = 8 * DAY;
/** The first block and its key are made in one transaction. */
const BEGUN_WITHIN_MS = MINUTE;

interface VerifyOptions {
  /** Trusted beside the keys of the database that the ring opens; alone where `only` is set. */
  readonly publicKeys?: readonly PublicAuditKey[];
  readonly anchors?: Anchors;
  /** Which days are compared record by record; all of them by default. The chain of blocks is always checked. */
  readonly isWanted?: (day: string) => boolean;
  readonly actor?: string;
}

export interface LastVerification {
  readonly at: Date;
  readonly actor: string;
  readonly isSound: boolean;
}

interface Verification {
  readonly findings: Findings;
  readonly origin: TrailOrigin;
  readonly now: Date;
}

/** Compares the audit trail in the database with its blocks. Changes nothing. */
@Injectable()
export class AuditVerifier {
  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly days: AuditDaysRepository,
    private readonly records: TransactionRecordsRepository,
    private readonly keys: AuditKeys,
    private readonly macs: RecordMacs,
    private readonly granting: GrantingRows,
    private readonly witness: AuditWitness,
    private readonly journals: SealedJournals,
    private readonly newest: NewestRecords,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** Leaves a record of the outcome. */
  async verify(options: VerifyOptions = {}): Promise<AuditVerdict> {
    const {
      anchors = new Map<number, readonly Buffer[]>(),
      publicKeys,
      isWanted = () => true,
      actor = operator(),
    } = options;
    const now = this.clock.now();
    const findings = new Findings();
    // Before the blocks: of a day that is dropped meanwhile, the blocks stay.
    const present = new Set(await this.presentDays());
    const chain = new ChainCheck(publicKeys ?? (await this.keysOfDatabase(findings)), anchors, findings);
    const sealed = await this.checkChain(chain);
    const verification: Verification = { findings, origin: await this.originOf(chain, findings), now };
    for (const day of [...new Set([...sealed.keys(), ...present])].toSorted()) {
      if (!isWanted(day)) continue;
      if (present.has(day)) await this.checkDay(day, verification);
      else await this.checkAbsence(day, sealed.get(day) ?? [], verification);
    }
    await this.checkOutside([...present].toSorted(), verification);
    await this.checkLedger(findings);
    await this.checkJournal(findings);
    await this.granting.check(findings, { now, present, isWhole: options.isWanted === undefined });
    await this.record(actor, findings.verdict);
    return findings.verdict;
  }

  private async checkLedger(findings: Findings): Promise<void> {
    const { answer, head } = await this.witness.compare();
    findings.ledger = answer;
    if (answer === 'differs') findings.add('ledger_differs', { block: head?.number ?? null });
  }

  private async checkJournal(findings: Findings): Promise<void> {
    findings.journal = await this.journals.compare();
    if (findings.journal.answer === 'differs') findings.add('journal_differs');
  }

  /** How the last verification ended, of the last week; null without one. */
  async last(): Promise<LastVerification | null> {
    const from = new Date(this.clock.now().getTime() - LAST_WITHIN_MS);
    const found = await this.newest.find('audit.verified', from);
    if (!found?.isGenuine) return null;
    const { occurredAt, actor, details } = found.record;
    const { outcome = '' } = details as { readonly outcome?: string };
    return { at: occurredAt, actor, isSound: outcome === 'sound' };
  }

  /** The days that have records in no block although their time is over: they are looked at again. */
  async reopen({ problems }: AuditVerdict): Promise<void> {
    const days = problems.flatMap(({ code, day }) =>
      code === 'record_unsealed' && day !== null ? [day] : [],
    );
    for (const day of new Set(days)) await this.database.transaction((tx) => this.days.reopen(tx, day));
  }

  private async presentDays(): Promise<readonly string[]> {
    const days = await this.database.read((manager) => this.days.list(manager));
    return days.map(({ day }) => day);
  }

  private async keysOfDatabase(findings: Findings): Promise<readonly PublicAuditKey[]> {
    return this.database.read(async (manager) => {
      if (await this.keys.hasForeign(manager)) findings.add('key_foreign');
      return this.keys.genuine(manager);
    });
  }

  /** Without a key that has one, records are checked as strictly as they can be. */
  private async originOf({ beganAt }: ChainCheck, findings: Findings): Promise<TrailOrigin> {
    const keys = await this.database.read((manager) => this.keys.genuine(manager));
    const [key] = keys.filter(({ origin }) => origin !== null);
    const former = keys.length > 0 && beganAt ? formerOrigin(beganAt) : null;
    const origin = key?.origin ?? former ?? { beganAt: beganAt ?? this.clock.now(), codesSince: null };
    const isCut = keys.length > 0 && beganAt === null;
    if (isCut || (beganAt && beganAt.getTime() > origin.beganAt.getTime() + BEGUN_WITHIN_MS))
      findings.add('trail_cut');
    findings.origin = origin;
    return origin;
  }

  /** @returns the numbers of blocks, by day */
  private async checkChain(chain: ChainCheck): Promise<ReadonlyMap<string, readonly number[]>> {
    const byDay = new Map<string, number[]>();
    let position = 0;
    for (;;) {
      const after = position;
      const found = await this.database.read((manager) => this.blocks.after(manager, after, BLOCKS_PER_READ));
      for (const block of found) {
        chain.add(block);
        if (block.day !== null && isReadable(block))
          byDay.set(block.day, [...(byDay.get(block.day) ?? []), block.number]);
      }
      position = found.at(-1)?.number ?? position;
      if (found.length < BLOCKS_PER_READ) break;
    }
    chain.finish();
    return byDay;
  }

  private async checkDay(day: string, verification: Verification): Promise<void> {
    let after = 0;
    for (;;) {
      const position = after;
      const found = await this.database.read((manager) =>
        this.blocks.ofDay(manager, day, position, LISTS_PER_READ),
      );
      for (const stored of found) await this.checkStored(stored, verification);
      after = found.at(-1)?.block.number ?? after;
      if (found.length < LISTS_PER_READ) break;
    }
    await this.checkUnsealed(day, verification);
  }

  private async checkStored({ block, leaves }: StoredBlock, verification: Verification): Promise<void> {
    // The chain says that it is unreadable.
    if (!isReadable(block)) return;
    const { findings, origin } = verification;
    const ids = ((leaves && unpackLeaves(leaves)) ?? []).map(({ id }) => id);
    const records = await this.database.read((manager) => this.records.recordsOf(manager, block, ids));
    const byId = new Map(records.map((record) => [record.id, record]));
    const context = { origin, macs: this.macs, cut: NOT_CUT };
    if ((!leaves || byId.size < new Set(ids).size) && (await this.isGone(block))) {
      findings.expiredBlocks += 1;
      return;
    }
    checkBlock(block, leaves, (id) => byId.get(id), context, findings);
    const repeated = records.find((record) => byId.get(record.id) !== record);
    if (repeated)
      findings.add('record_repeated', { block: block.number, day: block.day, recordId: repeated.id });
  }

  /** Whether the day was dropped while it was read. */
  private async isGone({ day }: AuditBlock): Promise<boolean> {
    return day !== null && !(await this.presentDays()).includes(day);
  }

  private async checkUnsealed(day: string, { findings, origin, now }: Verification): Promise<void> {
    const start = new Date(`${day}T00:00:00.000Z`).getTime();
    for (let hour = 0; hour < HOURS; hour += 1) {
      const range = { from: new Date(start + hour * HOUR), before: new Date(start + (hour + 1) * HOUR) };
      const found = await this.database.read((manager) =>
        this.records.unsealed(manager, day, range, MAX_UNSEALED),
      );
      for (const record of found) this.judgeUnsealed(record, day, { findings, origin, now });
    }
  }

  /** Records of no day that is sealed: in a partition that has another name than ours, or another time than its name says. */
  private async checkOutside(
    days: readonly string[],
    { findings, origin, now }: Verification,
  ): Promise<void> {
    const starts = days.map((day) => new Date(`${day}T00:00:00.000Z`));
    const ends = starts.map((start) => new Date(start.getTime() + DAY));
    for (const [index, from] of [null, ...ends].entries()) {
      const before = starts[index] ?? null;
      if (from && before && from >= before) continue;
      const found = await this.database.read((manager) =>
        this.records.between(manager, from, before, MAX_UNSEALED),
      );
      for (const record of found)
        this.judgeUnsealed(record, record.instant.slice(0, 'yyyy-mm-dd'.length), { findings, origin, now });
    }
  }

  private judgeUnsealed(
    record: TransactionRecord,
    day: string,
    { findings, origin, now }: Verification,
  ): void {
    const position = { day, recordId: record.id };
    const answer = this.macs.check(record);
    if (answer === 'unreadable') findings.add('unreadable', position);
    else if (answer === 'wrong' || answer === 'unknown_key') findings.add('mac_wrong', position);
    else if (answer === 'missing' && !mayLackMac(origin, now)) findings.add('record_inserted', position);
    else if (now.getTime() - Number(record.occurredAt) > SEALED_WITHIN_MS)
      findings.add('record_unsealed', position);
    else findings.waiting += 1;
  }

  /** A day is gone: rightly when it was over its time, or when the trail says that it was dropped for its age. */
  private async checkAbsence(
    day: string,
    numbers: readonly number[],
    { findings, now }: Verification,
  ): Promise<void> {
    const limit = new Date(now.getTime() - this.configuration.auditRetentionDays * DAY);
    const isOver = day < utcDayOf(limit);
    const isExplained = isOver || (await this.database.read((manager) => this.wasDropped(manager, day)));
    if (isExplained) findings.expiredBlocks += numbers.length;
    else findings.add('day_removed', { day, block: numbers[0] ?? null });
  }

  private async wasDropped(manager: EntityManager, day: string): Promise<boolean> {
    const records = await this.records.dropRecords(manager, day);
    return records.some((record) => this.macs.check(record) === 'right');
  }

  private async record(actor: string, { isSound, blocks, head, problems }: AuditVerdict): Promise<void> {
    const [first] = problems;
    const details = {
      outcome: isSound ? 'sound' : 'unsound',
      blocks: String(blocks),
      ...(head && { head: head.hash }),
      ...(first && { problem: first.code, ...(first.block !== null && { block: String(first.block) }) }),
    };
    await this.audit.prepare();
    await this.database.transaction((tx) => this.audit.record(tx, 'audit.verified', { actor, details }));
  }
}
