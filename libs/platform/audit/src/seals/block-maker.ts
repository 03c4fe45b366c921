import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Outbox } from '@countersign/events';
import { Logger } from '@countersign/observability';
import { AuditService } from '../audit.service';
import { auditError } from '../audit.errors';
import { operator } from '../operator';
import {
  hashOf,
  NO_BLOCK,
  publicAuditKeyOf,
  signBlock,
  toLine,
  type AuditBlock,
  type PublicAuditKey,
  type UnsignedBlock,
} from './audit-block';
import { AuditBlocksRepository } from './audit-blocks.repository';
import { AuditKeys, type SigningAuditKey } from './audit-keys';
import { packLeaves, rootOf } from './block-leaves';
import { leafOf } from '../records/record-encoding';
import { TrailEnds } from '../trail/trail-ends';
import type { TrailOrigin, TrailStart } from '../trail/trail-origin';
import type { TransactionRecord } from './transaction-records.repository';

/** Where the next block goes. */
interface ChainEnd {
  readonly last: AuditBlock | null;
  readonly key: Pick<SigningAuditKey, 'keyId' | 'privateKey'>;
  /** What the first block says of its key. */
  readonly introduced: PublicAuditKey | null;
}

export interface Rotation {
  readonly origin: TrailOrigin;
  /** The old key cannot be opened any more. */
  readonly isLost?: boolean;
  readonly actor?: string;
}

/** Makes blocks. Call it while the lock of the repository is held: there is one chain. */
@Injectable()
export class BlockMaker {
  /** The last block that this process has sealed. */
  newest: AuditBlock | null = null;

  constructor(
    private readonly blocks: AuditBlocksRepository,
    private readonly keys: AuditKeys,
    private readonly ends: TrailEnds,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * Seals records of one day.
   * @param records in the order of the day
   * @throws AppError audit_key.lost, audit_trail.cut
   */
  async seal(
    tx: EntityManager,
    day: string,
    records: readonly TransactionRecord[],
    start: TrailStart,
  ): Promise<AuditBlock> {
    const end = await this.endOf(tx, start);
    const entries = records.map((record) => ({ id: record.id, leaf: leafOf(record) }));
    const [first, last] = [records[0], records.at(-1)];
    if (!first || !last) throw new RangeError('a block of records has at least one');
    const block = this.sign(end, {
      day,
      count: records.length,
      first: { occurredAt: first.occurredAt, id: first.id },
      last: { occurredAt: last.occurredAt, id: last.id },
      root: rootOf(entries),
      newKey: end.introduced,
    });
    const xids = records.map(({ xid }) => BigInt(xid)).toSorted((one, other) => (one < other ? -1 : 1));
    await this.blocks.insert(tx, block, {
      block: block.number,
      day,
      firstAt: first.occurredAt,
      lastAt: last.occurredAt,
      lowestXid: String(xids[0]),
      highestXid: String(xids.at(-1)),
      leaves: packLeaves(entries),
    });
    await this.report(tx, block);
    return block;
  }

  /**
   * Makes a new signing key, introduced by a block that the old one signs; without the old one it introduces itself, and has
   * to be given to those who verify.
   * @throws AppError audit_key.lost, audit_trail.cut unless `isLost`
   */
  async rotate(
    tx: EntityManager,
    { origin, isLost = false, actor = operator() }: Rotation,
  ): Promise<AuditBlock> {
    const { last, key: former, isGenuine } = await this.ends.read(tx);
    if (last && !former && !isLost) throw auditError('audit_key.lost');
    if (last && !isGenuine && !isLost) throw auditError('audit_trail.cut');
    const made = this.keys.make();
    const newKey = publicAuditKeyOf(made);
    const signer = former && isGenuine ? former : { ...newKey, privateKey: made };
    const block = this.sign(
      { last, key: signer },
      { day: null, count: 0, first: null, last: null, root: rootOf([]), newKey },
    );
    const introducedBy = signer === former ? hashOf(block) : null;
    await this.keys.replace(tx, made, origin, introducedBy);
    const action = last ? 'audit_key.rotated' : 'audit_key.created';
    await this.audit.record(tx, action, { actor, subject: newKey.keyId });
    await this.blocks.insert(tx, block, null);
    await this.report(tx, block);
    return block;
  }

  /**
   * Writes a block to the log, after its transaction: it is the anchor by which a cut or rewritten trail is noticed, where
   * a copy is kept outside the database.
   */
  announce(block: AuditBlock): void {
    this.newest = block;
    this.logger.info({ auditBlock: toLine(block) }, 'a block of the audit trail is sealed');
  }

  private async report(tx: EntityManager, block: AuditBlock): Promise<void> {
    const data = { keyId: block.keyId, block: JSON.stringify(toLine(block)) };
    await this.outbox.add(tx, 'audit.sealed', [{ data, applicationIds: null }]);
  }

  private async endOf(tx: EntityManager, { origin, isNew }: TrailStart): Promise<ChainEnd> {
    const { last, key, keys, isGenuine } = await this.ends.read(tx);
    if (!last) {
      if (!isNew || keys.length > 0) throw auditError('audit_trail.cut');
      const made = this.keys.make();
      const introduced = publicAuditKeyOf(made);
      await this.keys.replace(tx, made, origin, null);
      await this.audit.record(tx, 'audit_key.created', { actor: 'system', subject: introduced.keyId });
      return { last, key: { ...introduced, privateKey: made }, introduced };
    }
    if (!key) throw auditError('audit_key.lost');
    if (!isGenuine) throw auditError('audit_trail.cut');
    return { last, key, introduced: null };
  }

  private sign(
    { last, key }: Omit<ChainEnd, 'introduced'>,
    content: Omit<UnsignedBlock, 'number' | 'previous' | 'sealedAt' | 'keyId'>,
  ): AuditBlock {
    const now = this.clock.now();
    const number = (last?.number ?? 0) + 1;
    const previous = last ? hashOf(last) : NO_BLOCK;
    // Clocks of replicas differ a little.
    const sealedAt = last && last.sealedAt > now ? last.sealedAt : now;
    const newKey = content.newKey && { keyId: content.newKey.keyId, publicKey: content.newKey.publicKey };
    return signBlock({ ...content, newKey, number, previous, sealedAt, keyId: key.keyId }, key.privateKey);
  }
}
