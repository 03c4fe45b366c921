import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, HOUR } from '@countersign/clock';
import { AdoptedRows } from '../records/adopted-rows';
import { auditError } from '../audit.errors';
import { AuditService } from '../audit.service';
import type { AuditBlock } from '../seals/audit-block';
import { AuditWitness } from './audit-witness';
import { AuditAdoptionEntity } from '../seals/audit-sealing.entities';
import { BlockMaker } from '../seals/block-maker';
import { TrailEnds } from './trail-ends';
import { formerOrigin, type TrailOrigin, type TrailStart } from './trail-origin';

/** Time for the sealing of records that a version without codes has left. */
const GRACE_MS = HOUR;

interface BegunTrail extends TrailStart {
  /** The block that introduces the key with the origin, where the trail was adopted now. */
  readonly block: AuditBlock | null;
}

/**
 * Adopts the trail and the coded rows of a previous version, once: with it the key is replaced by one that has the origin. A
 * key without an origin can be made by the previous version alone. A former row of it can be put back: so neither is a trail
 * begun nor adopted where the ledger of erasures knows a block, since it has only blocks of trails with an origin.
 */
@Injectable()
export class TrailAdoption {
  constructor(
    private readonly ends: TrailEnds,
    private readonly maker: BlockMaker,
    private readonly rows: AdoptedRows,
    private readonly witness: AuditWitness,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Call it while the lock of the blocks is held. @throws AppError audit_trail.cut */
  async begin(tx: EntityManager): Promise<BegunTrail> {
    const { first, last, keys, key, isGenuine, isFormer } = await this.ends.read(tx);
    if (!first || !last) {
      if (keys.length > 0) throw auditError('audit_trail.cut');
      await this.assertUnknown();
      const now = this.clock.now();
      const start = { origin: { beganAt: now, codesSince: null }, isNew: true };
      if (!isFormer) return { ...start, block: null };
      return this.adopt(tx, { beganAt: now, codesSince: new Date(now.getTime() + GRACE_MS) });
    }
    const origin = key?.origin ?? formerOrigin(first.sealedAt);
    if (key && !isGenuine) throw auditError('audit_trail.cut');
    // Without its key nothing is sealed or adopted.
    if (!key || key.origin) return { origin, isNew: false, block: null };
    await this.assertUnknown();
    return this.adopt(tx, origin);
  }

  private async assertUnknown(): Promise<void> {
    if (await this.witness.knowsBlock()) throw auditError('audit_trail.cut');
  }

  private async adopt(tx: EntityManager, origin: TrailOrigin): Promise<BegunTrail> {
    const adopted = await this.rows.adopt(tx);
    await tx.delete(AuditAdoptionEntity, { id: 1 });
    const details = { ...adopted, codesSince: origin.codesSince?.toISOString() ?? '' };
    await this.audit.record(tx, 'audit.adopted', { actor: 'system', details });
    const block = await this.maker.rotate(tx, { origin, actor: 'system' });
    return { origin, isNew: false, block };
  }
}
