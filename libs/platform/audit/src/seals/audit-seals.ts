import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { auditError } from '../audit.errors';
import { AuditService } from '../audit.service';
import { publicAuditKeyOf, type AuditBlock, type PublicAuditKey } from './audit-block';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { AuditKeys } from './audit-keys';
import { AuditWitness } from '../trail/audit-witness';
import { BlockMaker } from './block-maker';
import { TrailAdoption } from '../trail/trail-adoption';
import { TrailEnds } from '../trail/trail-ends';
import type { TrailOrigin } from '../trail/trail-origin';

/** The blocks of the audit trail and their key, for operators. */
@Injectable()
export class AuditSeals {
  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly keys: AuditKeys,
    private readonly maker: BlockMaker,
    private readonly adoption: TrailAdoption,
    private readonly ends: TrailEnds,
    private readonly witness: AuditWitness,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** Newest first. @param below the number that all are below; null for all */
  async list(below: number | null, limit: number): Promise<readonly AuditBlock[]> {
    return this.database.read((manager) => this.blocks.newest(manager, below, limit));
  }

  /** The public half of the key that signs now. @throws AppError audit_key.none */
  async publicKey(): Promise<PublicAuditKey> {
    const [key] = await this.database.read((manager) => this.keys.genuine(manager));
    if (!key) throw auditError('audit_key.none');
    return publicAuditKeyOf(key.privateKey);
  }

  /** Whether the last block is not the one that was signed last: then nothing is sealed, or was cut from the end. */
  async isCut(): Promise<boolean> {
    const { last, keys, isGenuine } = await this.database.read((manager) => this.ends.read(manager));
    if ((last?.number ?? 0) < (this.maker.newest?.number ?? 0)) return true;
    return last ? !isGenuine : keys.length > 0 || this.witness.knowsBlock();
  }

  /** Adopts a trail of the previous version, at the first start after the upgrade. @throws AppError audit_trail.cut */
  async adopt(): Promise<void> {
    await this.audit.prepare();
    const { block } = await this.database.transaction(async (tx) => {
      await this.blocks.lock(tx);
      return this.adoption.begin(tx);
    });
    if (!block) return;
    this.maker.announce(block);
    await this.witness.report();
  }

  /**
   * Replaces the signing key.
   * @param isLost the old one cannot be opened any more: the new one introduces itself
   * @throws AppError audit_key.lost, audit_trail.cut
   */
  async rotateKey(isLost: boolean): Promise<AuditBlock> {
    await this.audit.prepare();
    const block = await this.database.transaction(async (tx) => {
      await this.blocks.lock(tx);
      const { origin } = isLost ? { origin: await this.originOfLost(tx) } : await this.adoption.begin(tx);
      return this.maker.rotate(tx, { origin, isLost });
    });
    this.maker.announce(block);
    return block;
  }

  /** What is still known: a trail whose blocks are gone begins now. */
  private async originOfLost(tx: EntityManager): Promise<TrailOrigin> {
    const {
      first,
      keys: [key],
    } = await this.ends.read(tx);
    return { codesSince: null, ...key?.origin, beganAt: first?.sealedAt ?? this.clock.now() };
  }
}
