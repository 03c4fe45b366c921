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

/** Records are signed when they are older. */
const SETTLED_AFTER_MS = 2 * MINUTE;
/** The records of a block: what one statement reads after a pause of the job. */
const MAX_BLOCK_MS = 10 * MINUTE;

/**
 * Signs the records of the trail, each minute, in a chain of blocks. A block has the records that were older than two minutes when
 * the run began, and whose transactions had ended. A record whose commit appears later is in a later block, as a late one. The line
 * in the log is the anchor, where a copy is outside of the database.
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

  /** @returns the numbers of the new blocks; none where another process signs */
  async run(): Promise<readonly number[]> {
    const signed: number[] = [];
    // Taken once: meanwhile other records become two minutes old, and a run that signed them too would not end.
    const end = new Date(this.clock.now().getTime() - SETTLED_AFTER_MS);
    for (;;) {
      const block = await this.database.transaction((tx) => this.signNext(tx, end));
      if (!block) break;
      // After the commit: a line that is kept elsewhere is of a block that exists.
      this.logger.info({ auditBlock: toLine(block) }, 'a block of the audit trail is signed');
      signed.push(block.number);
    }
    await this.measure(end);
    return signed;
  }

  async last(): Promise<AuditBlock | null> {
    return this.database.read((manager) => this.blocks.last(manager));
  }

  /** The number of blocks that other keys signed. */
  countUnderOthers(manager: EntityManager, keyId: string): Promise<number> {
    return manager.countBy(AuditBlockEntity, { keyId: Not(keyId) });
  }

  /**
   * Ten minutes of records at most.
   * @returns null where nothing is left, or another process signs
   */
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

  /** Without the lock: what another process does not sign shows nevertheless. */
  private async measure(end: Date): Promise<void> {
    const oldest = await this.database.read(async (manager) => {
      const last = (await this.blocks.last(manager)) ?? { number: 0, before: new Date(0), horizon: '0' };
      return this.blocks.oldestUnsigned(manager, last, end);
    });
    this.unsignedSeconds = oldest ? (this.clock.now().getTime() - oldest.getTime()) / SECOND : 0;
  }
}
