import { Injectable } from '@nestjs/common';
import { Not, type EntityManager } from 'typeorm';
import { Clock, earliest, Logger, Metrics, MINUTE, SECOND } from '@countersign/runtime';
import { KeyRing } from '@countersign/crypto';
import { Database, Recurring } from '@countersign/database';
import { Outbox } from '../events/outbox';
import { AuditRepository } from '../records/audit.repository';
import { hashOf, isGenuine, NO_BLOCK, signBlock, toLine, type AuditBlock } from './audit-block';
import { AuditBlockEntity } from './audit-block.entity';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { auditEvents } from '../audit.feature';

const SETTLED_AFTER_MS = 2 * MINUTE;
/** The time range of a block: after a pause of the job, one statement reads its records. */
const MAX_BLOCK_MS = 10 * MINUTE;

/**
 * Signs the records of the trail each minute, in a chain of blocks. A block contains records that were older than two
 * minutes when the run began, and whose transactions had ended. A record that is committed later goes into a later
 * block, as a late record. The line in the log anchors the chain, if a copy of the log is stored outside of the
 * database.
 */
@Injectable()
@Recurring({ name: 'audit-sign', cron: '* * * * *', everyMinutes: 1 })
export class AuditSigner {
  private unsignedSeconds: number | null = null;

  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly records: AuditRepository,
    private readonly keyRing: KeyRing,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_audit_unsigned_seconds',
      'Age in seconds of the oldest record that was in no block after two minutes, at the last run here; 0 without one.',
      'job_name',
      () => (this.unsignedSeconds === null ? {} : { 'audit-sign': this.unsignedSeconds }),
    );
  }

  /** @returns the numbers of the new blocks; none when another process signs */
  async run(): Promise<readonly number[]> {
    const signed: number[] = [];
    // The end is fixed before the loop. Otherwise the run would not end, because further records become old enough
    // meanwhile.
    const end = new Date(this.clock.now().getTime() - SETTLED_AFTER_MS);
    for (;;) {
      const block = await this.database.transaction((tx) => this.signNext(tx, end));
      if (!block) break;
      // After the commit, so that each logged line belongs to a stored block.
      this.logger.info({ auditBlock: toLine(block) }, 'a block of the audit trail is signed');
      signed.push(block.number);
    }
    await this.measure(end);
    return signed;
  }

  async last(): Promise<AuditBlock | null> {
    return this.database.read((manager) => this.blocks.last(manager));
  }

  countUnderOthers(manager: EntityManager, keyId: string): Promise<number> {
    return manager.countBy(AuditBlockEntity, { keyId: Not(keyId) });
  }

  /** Signs at most ten minutes of records. @returns null when nothing is left, or another process signs */
  private async signNext(tx: EntityManager, end: Date): Promise<AuditBlock | null> {
    if (!(await this.blocks.tryLock(tx))) return null;
    const last = await this.blocks.last(tx);
    if (last && !isGenuine(last, this.keyRing))
      throw new Error(`block ${last.number} of the audit trail was signed by no key of the ring`);
    const since = last?.before ?? (await this.records.earliest(tx));
    if (since === null) return null;
    const signedAt = this.clock.now();
    if (last && last.signedAt > signedAt) await this.blocks.unbindAfter(tx, signedAt);
    const front = { number: last?.number ?? 0, before: since, horizon: last?.horizon ?? '0' };
    const oldest = await this.blocks.oldestUnsigned(tx, front, end);
    if (oldest === null) return null;
    const horizons = await this.blocks.horizon(tx, front.horizon);
    const range = { number: front.number + 1, since, sinceHorizon: front.horizon, ...horizons };
    for (let before = oldest > since ? oldest : since; before < end;) {
      before = earliest(end, new Date(before.getTime() + MAX_BLOCK_MS));
      const content = await this.blocks.contentOf(tx, { ...range, before });
      const { firstAt } = content;
      if (firstAt === null) continue;
      const block = signBlock(
        { ...range, ...content, before, firstAt, previous: last ? hashOf(last) : NO_BLOCK, signedAt },
        this.keyRing.known('index')[0],
      );
      await tx.insert(AuditBlockEntity, block);
      const data = { keyId: block.keyId, block: JSON.stringify(toLine(block)) };
      await this.outbox.add(tx, auditEvents.signed, [{ data, applicationIds: null }]);
      return block;
    }
    return null;
  }

  /** Takes no lock: the measurement also shows when another process fails to sign. */
  private async measure(end: Date): Promise<void> {
    const oldest = await this.database.read(async (manager) => {
      const last = (await this.blocks.last(manager)) ?? { number: 0, before: new Date(0), horizon: '0' };
      return this.blocks.oldestUnsigned(manager, last, end);
    });
    this.unsignedSeconds = oldest ? (this.clock.now().getTime() - oldest.getTime()) / SECOND : 0;
  }
}
