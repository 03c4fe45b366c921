import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, rows } from '@countersign/database';
import type { AuditBlock } from './audit-block';
import type { AuditBlockEntity } from './audit-block.entity';
import type { StoredAuditKey } from './audit-keys';
import type { AuditKeyEntity } from './audit-sealing.entities';
import type { TimeRange } from './transaction-records.repository';

/** A block with the list of its records, if it is there. */
export interface StoredBlock {
  readonly block: AuditBlock;
  readonly leaves: Buffer | null;
}

/** The list of records of a block, and which transactions wrote them. */
interface StoredLeaves {
  readonly block: number;
  readonly day: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lowestXid: string;
  readonly highestXid: string;
  readonly leaves: Buffer;
}

/** The ends of the chain, and what is stored beside it. */
export interface StoredEnds {
  readonly first: AuditBlock | null;
  readonly last: AuditBlock | null;
  /** The block that was asked for. */
  readonly asked: AuditBlock | null;
  readonly keys: readonly StoredAuditKey[];
  /** Whether a trail of the previous version, which has no block, waits for its adoption. */
  readonly isFormer: boolean;
}

interface EndsRow extends Omit<AuditBlockEntity, 'number'> {
  readonly number: number | null;
  readonly keys:
    | readonly (Pick<AuditKeyEntity, 'id' | 'privateKey'> & { readonly publicKey: string })[]
    | null;
  readonly isFormer: boolean;
}

const BLOCK = columns<AuditBlockEntity>({
  number: 'integer',
  day: 'date',
  recordCount: 'integer',
  firstAt: 'timestamptz',
  firstId: 'uuid',
  lastAt: 'timestamptz',
  lastId: 'uuid',
  root: 'bytea',
  previous: 'bytea',
  sealedAt: 'timestamptz',
  keyId: 'text',
  newKeyId: 'text',
  newPublicKey: 'bytea',
  signature: 'bytea',
});
/** A `date` is read as text: the driver would make an instant of it. One that is no instant is none of ours, and fails `to_char`. */
const BLOCK_SELECTED = `b.number, CASE WHEN b.day IS NULL THEN NULL
    WHEN b.day BETWEEN '0001-01-01' AND '9999-12-31' THEN to_char(b.day, 'YYYY-MM-DD') ELSE 'none' END AS day, b.record_count AS "recordCount",
  b.first_at AS "firstAt", b.first_id AS "firstId", b.last_at AS "lastAt", b.last_id AS "lastId", b.root, b.previous,
  b.sealed_at AS "sealedAt", b.key_id AS "keyId", b.new_key_id AS "newKeyId", b.new_public_key AS "newPublicKey",
  b.signature`;

const ENDS = `
  SELECT others.keys, others."isFormer", ${BLOCK_SELECTED}
  FROM (SELECT
    (SELECT json_agg(json_build_object('id', k.id, 'publicKey', encode(k.public_key, 'base64'), 'privateKey', k.private_key)
       ORDER BY k.created_at) FROM audit_keys k) AS keys,
    EXISTS (SELECT FROM audit_adoption) AS "isFormer") AS others
  LEFT JOIN audit_blocks b ON b.number IN ((SELECT min(number) FROM audit_blocks WHERE number > 0),
    (SELECT max(number) FROM audit_blocks), $1::integer)
  ORDER BY b.number`;

const LOCK = 'countersign/audit-seals';

/** Blocks of the audit trail, with the lists of the records that they seal. */
@Injectable()
export class AuditBlocksRepository {
  /** Until the end of the transaction no other process makes a block. @returns false when one does already */
  async tryLock(tx: EntityManager): Promise<boolean> {
    const found = await firstRow<{ locked: boolean }>(
      tx,
      'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS locked',
      [LOCK],
    );
    return found?.locked === true;
  }

  async lock(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK]);
  }

  /** The blocks that may hold records of a time already, with their lists: neither is verified. */
  async overlapping(
    manager: EntityManager,
    day: string,
    { from, before }: TimeRange,
  ): Promise<readonly StoredBlock[]> {
    const found = await rows<AuditBlockEntity & { readonly leaves: Buffer }>(
      manager,
      `SELECT ${BLOCK_SELECTED}, l.leaves FROM audit_blocks b JOIN audit_block_leaves l ON l.block = b.number
       WHERE b.number > 0 AND b.day = $1::date AND b.first_at < $3
         AND b.last_at >= $2::timestamptz - interval '1 millisecond'`,
      [day, from, before],
    );
    return found.map(({ leaves, ...block }) => ({ block: toBlock(block), leaves }));
  }

  /**
   * What decides how the trail goes on, by one statement: between two of them an attacker could exchange what both read. It
   * takes no lock, since the role of the service may have no right to one.
   * @param number of one more block; null for none
   */
  async ends(manager: EntityManager, number: number | null): Promise<StoredEnds> {
    const found = await rows<EndsRow>(manager, ENDS, [number]);
    const blocks = found.flatMap((row) => (row.number === null ? [] : [toBlock(row as AuditBlockEntity)]));
    return {
      first: blocks.find((block) => block.number > 0) ?? null,
      last: blocks.findLast((block) => block.number > 0) ?? null,
      asked: blocks.find((block) => block.number === number) ?? null,
      keys: (found[0]?.keys ?? []).map(({ publicKey, ...key }) => ({
        ...key,
        publicKey: Buffer.from(publicKey, 'base64'),
      })),
      isFormer: found[0]?.isFormer === true,
    };
  }

  /** The last block before a number that introduces a key. */
  async introducing(manager: EntityManager, keyId: string, below: number): Promise<AuditBlock | null> {
    const found = await rows<AuditBlockEntity>(
      manager,
      `SELECT ${BLOCK_SELECTED} FROM audit_blocks b WHERE b.new_key_id = $1 AND b.number < $2
       ORDER BY b.number DESC LIMIT 1`,
      [keyId, below],
    );
    return found[0] ? toBlock(found[0]) : null;
  }

  /** Newest first. @param below null for all */
  async newest(manager: EntityManager, below: number | null, limit: number): Promise<readonly AuditBlock[]> {
    const found = await rows<AuditBlockEntity>(
      manager,
      `SELECT ${BLOCK_SELECTED} FROM audit_blocks b WHERE $1::integer IS NULL OR b.number < $1
       ORDER BY b.number DESC LIMIT $2`,
      [below, limit],
    );
    return found.map(toBlock);
  }

  /** In the order of their numbers. */
  async after(manager: EntityManager, number: number, limit: number): Promise<readonly AuditBlock[]> {
    const found = await rows<AuditBlockEntity>(
      manager,
      `SELECT ${BLOCK_SELECTED} FROM audit_blocks b WHERE b.number > $1 ORDER BY b.number LIMIT $2`,
      [number, limit],
    );
    return found.map(toBlock);
  }

  /** The blocks of a day after one of them, with their lists. */
  async ofDay(
    manager: EntityManager,
    day: string,
    after: number,
    limit: number,
  ): Promise<readonly StoredBlock[]> {
    const found = await rows<AuditBlockEntity & { readonly leaves: Buffer | null }>(
      manager,
      `SELECT ${BLOCK_SELECTED}, l.leaves FROM audit_blocks b LEFT JOIN audit_block_leaves l ON l.block = b.number
       WHERE b.day = $1::date AND b.number > $2 ORDER BY b.number LIMIT $3`,
      [day, after, limit],
    );
    return found.map(({ leaves, ...block }) => ({ block: toBlock(block), leaves }));
  }

  /** @throws when another process made a block of this number */
  async insert(tx: EntityManager, block: AuditBlock, leaves: StoredLeaves | null): Promise<void> {
    await tx.query(
      `INSERT INTO audit_blocks (${BLOCK.names}) VALUES (${BLOCK.parameters()})`,
      BLOCK.valuesOf(toRow(block)),
    );
    if (!leaves) return;
    const { day, firstAt, lastAt, lowestXid, highestXid } = leaves;
    await tx.query(
      `INSERT INTO audit_block_leaves (block, day, first_at, last_at, lowest_xid, highest_xid, leaves)
       VALUES ($1, $2::date, $3, $4, $5::bigint, $6::bigint, $7)`,
      [leaves.block, day, firstAt, lastAt, lowestXid, highestXid, leaves.leaves],
    );
  }
}

function toBlock(row: AuditBlockEntity): AuditBlock {
  const { number, day, recordCount, firstAt, firstId, lastAt, lastId, root, previous } = row;
  const { sealedAt, keyId, newKeyId, newPublicKey, signature } = row;
  return {
    number,
    day,
    count: recordCount,
    first: firstAt && firstId !== null ? { occurredAt: instantIn(firstAt), id: firstId } : null,
    last: lastAt && lastId !== null ? { occurredAt: instantIn(lastAt), id: lastId } : null,
    root,
    previous,
    sealedAt: instantIn(sealedAt),
    keyId,
    newKey: newKeyId !== null && newPublicKey ? { keyId: newKeyId, publicKey: newPublicKey } : null,
    signature,
  };
}

/** The driver has a number for an infinite instant. */
function instantIn(value: Date | number): Date {
  return new Date(Number(value));
}

function toRow(block: AuditBlock): AuditBlockEntity {
  const { number, day, count, first, last, root, previous, sealedAt, keyId, newKey, signature } = block;
  return {
    number,
    day,
    recordCount: count,
    firstAt: first?.occurredAt ?? null,
    firstId: first?.id ?? null,
    lastAt: last?.occurredAt ?? null,
    lastId: last?.id ?? null,
    root,
    previous,
    sealedAt,
    keyId,
    newKeyId: newKey?.keyId ?? null,
    newPublicKey: newKey?.publicKey ?? null,
    signature,
  };
}
