import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, HOUR } from '@countersign/clock';
import { AdoptedRows } from '../adopted-rows';
import { auditError } from '../audit.errors';
import { AuditService } from '../audit.service';
import { isSignedBy, type AuditBlock } from './audit-block';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { AuditWitness } from './audit-witness';
import { AuditKeys } from './audit-keys';
import { AuditAdoptionEntity } from './audit-sealing.entities';
import { BlockMaker } from './block-maker';
import { formerOrigin, type TrailOrigin } from './trail-origin';

/** Time for the sealing of records that a version without codes has left. */
const GRACE_MS = HOUR;

export interface BegunTrail {
  readonly origin: TrailOrigin;
  /** The block that introduces the key with the origin, where the trail was adopted now. */
  readonly block: AuditBlock | null;
}

/**
 * Adopts the trail and the coded rows of a previous version, once: with it the key is replaced by one that has the origin. A
 * key without an origin can be made by the previous version alone, so write access to the database repeats no adoption.
 */
@Injectable()
export class TrailAdoption {
  constructor(
    private readonly blocks: AuditBlocksRepository,
    private readonly keys: AuditKeys,
    private readonly maker: BlockMaker,
    private readonly rows: AdoptedRows,
    private readonly witness: AuditWitness,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Call it while the lock of the blocks is held. @throws AppError audit_trail.cut */
  async begin(tx: EntityManager): Promise<BegunTrail> {
    const [first, last] = [await this.blocks.first(tx), await this.blocks.last(tx)];
    const genuine = await this.keys.genuine(tx);
    if (!first || !last) {
      if (genuine.length > 0 || (await this.witness.isCut())) throw auditError('audit_trail.cut');
      const isFormer = await tx.existsBy(AuditAdoptionEntity, { id: 1 });
      const now = this.clock.now();
      if (!isFormer) return { origin: { beganAt: now, codesSince: null }, block: null };
      return this.adopt(tx, { beganAt: now, codesSince: new Date(now.getTime() + GRACE_MS) });
    }
    const expected = last.newKey?.keyId ?? last.keyId;
    const key = genuine.find(({ keyId }) => keyId === expected);
    const origin = key?.origin ?? formerOrigin(first.sealedAt);
    if (key && last.keyId === key.keyId && !isSignedBy(last, key.publicKey))
      throw auditError('audit_trail.cut');
    // Without its key nothing is sealed or adopted.
    return !key || key.origin ? { origin, block: null } : this.adopt(tx, origin);
  }

  private async adopt(tx: EntityManager, origin: TrailOrigin): Promise<BegunTrail> {
    const adopted = await this.rows.adopt(tx);
    await tx.delete(AuditAdoptionEntity, { id: 1 });
    const details = { ...adopted, codesSince: origin.codesSince?.toISOString() ?? '' };
    await this.audit.record(tx, 'audit.adopted', { actor: 'system', details });
    return { origin, block: await this.maker.rotate(tx, { origin, actor: 'system' }) };
  }
}
