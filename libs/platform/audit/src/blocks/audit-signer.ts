import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, earliest, HOUR, MINUTE, SECOND } from '@countersign/clock';
import { KeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { AuditRepository } from '../records/audit.repository';
import { hashOf, isGenuine, NO_BLOCK, signBlock, toLine, type AuditBlock } from './audit-block';
import { AuditBlockEntity } from './audit-block.entity';
import { AuditBlocksRepository } from './audit-blocks.repository';

/** Records are signed when they are older. */
const SETTLED_AFTER_MS = 2 * MINUTE;

/**
 * Signs the records of the trail, each minute, by blocks that are chained. Of the records that are older than two minutes those
 * whose transactions had ended: none appears later in a block. A record whose commit appears later is in a later block, as a
 * late one. The line in the log is the anchor, where a copy is outside of the database.
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
    for (;;) {
      const block = await this.database.transaction((tx) => this.signNext(tx));
      if (!block) break;
      // After the commit: a line that is kept elsewhere is of a block that exists.
      this.logger.info({ auditBlock: toLine(block) }, 'a block of the audit trail is signed');
      signed.push(block.number);
    }
    await this.measure();
    return signed;
  }

  async last(): Promise<AuditBlock | null> {
    return this.database.read((manager) => this.blocks.last(manager));
  }

  /**
   * An hour of records at most.
   * @returns null where nothing is left, or another process signs
   * @throws where no key of the ring signed the last block: nothing is built upon it
   */
  private async signNext(tx: EntityManager): Promise<AuditBlock | null> {
    if (!(await this.blocks.tryLock(tx))) return null;
    const last = await this.blocks.last(tx);
    if (last && !isGenuine(last, this.keyRing))
      throw new Error(`block ${last.number} of the audit trail was signed by no key of the ring`);
    const since = last?.before ?? (await this.records.earliest(tx));
    if (since === null) return null;
    const sinceHorizon = last?.horizon ?? '0';
    const horizon = await this.blocks.horizon(tx, sinceHorizon);
    const now = this.clock.now();
    const end = new Date(now.getTime() - SETTLED_AFTER_MS);
    for (let before = since; before < end;) {
      before = earliest(end, new Date(before.getTime() + HOUR));
      const range = { since, sinceHorizon, before, horizon };
      const content = await this.blocks.contentOf(tx, range);
      const { firstAt } = content;
      if (firstAt === null) continue;
      const block = signBlock(
        {
          ...range,
          ...content,
          firstAt,
          number: (last?.number ?? 0) + 1,
          previous: last ? hashOf(last) : NO_BLOCK,
          signedAt: now,
        },
        this.keyRing.known('index')[0],
      );
      await tx.insert(AuditBlockEntity, block);
      const data = { keyId: block.keyId, block: JSON.stringify(toLine(block)) };
      await this.outbox.add(tx, 'audit.signed', [{ data, applicationIds: null }]);
      return block;
    }
    return null;
  }

  /** Without the lock: what another process does not sign shows nevertheless. */
  private async measure(): Promise<void> {
    const now = this.clock.now();
    const oldest = await this.database.read(async (manager) => {
      const last = (await this.blocks.last(manager)) ?? { before: new Date(0), horizon: '0' };
      return this.blocks.oldestUnsigned(manager, last, new Date(now.getTime() - SETTLED_AFTER_MS));
    });
    this.unsignedSeconds = oldest ? (now.getTime() - oldest.getTime()) / SECOND : 0;
  }
}
