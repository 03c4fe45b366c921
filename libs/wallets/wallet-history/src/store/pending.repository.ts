import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

/** Whose row of which block it is, for the wallet that has its digest. */
export interface RowOfBlock {
  readonly blockHash: string;
  readonly digest: Buffer;
}

/** Of a row, in the order of the chain. */
export interface PendingPosition extends RowOfBlock {
  readonly blockNumber: number;
  readonly position: number;
}

export interface PendingRow extends PendingPosition {
  readonly content: Sealed;
  readonly orphanedAt: Date | null;
}

const PENDING = `block_number::float8 AS "blockNumber", block_hash AS "blockHash", digest, position, content,
  orphaned_at AS "orphanedAt"`;

/** Rows of blocks that are not final. */
@Injectable()
export class PendingRepository {
  /** A block that comes back after it had vanished finds its rows. What a lying node had reported of it is replaced. */
  async add(
    tx: EntityManager,
    chainId: string,
    added: readonly Omit<PendingRow, 'orphanedAt'>[],
  ): Promise<void> {
    if (added.length === 0) return;
    await tx.query(
      `INSERT INTO wallet_transfers_pending (chain_id, block_number, block_hash, digest, position, content)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[])
       ON CONFLICT (chain_id, block_hash, digest, position) DO UPDATE
         SET orphaned_at = NULL, content = EXCLUDED.content`,
      [
        chainId,
        added.map(({ blockNumber }) => blockNumber),
        added.map(({ blockHash }) => blockHash),
        added.map(({ digest }) => digest),
        added.map(({ position }) => position),
        added.map(({ content }) => content),
      ],
    );
  }

  /** Marks what is above the common ancestor. @returns how many rows */
  async orphanAbove(tx: EntityManager, chainId: string, number: number, now: Date): Promise<number> {
    const marked = await rows(
      tx,
      `UPDATE wallet_transfers_pending SET orphaned_at = $3
       WHERE chain_id = $1 AND block_number > $2 AND orphaned_at IS NULL RETURNING true`,
      [chainId, number, now],
    );
    return marked.length;
  }

  /** How many rows the blocks up to one have, in the order of the chain. Blocks without rows are left out. */
  async countsUpTo(
    manager: EntityManager,
    chainId: string,
    number: number,
  ): Promise<readonly { readonly blockNumber: number; readonly count: number }[]> {
    return rows(
      manager,
      `SELECT block_number::float8 AS "blockNumber", count(*)::int AS count FROM wallet_transfers_pending
       WHERE chain_id = $1 AND block_number <= $2 GROUP BY block_number ORDER BY wallet_transfers_pending.block_number`,
      [chainId, number],
    );
  }

  /** Up to a block. */
  async digestsUpTo(manager: EntityManager, chainId: string, number: number): Promise<readonly RowOfBlock[]> {
    return rows<RowOfBlock>(
      manager,
      `SELECT DISTINCT block_hash AS "blockHash", digest FROM wallet_transfers_pending
       WHERE chain_id = $1 AND block_number <= $2`,
      [chainId, number],
    );
  }

  /** Up to a block, in the order of the chain. @param after the last row of the page before */
  async pageUpTo(
    tx: EntityManager,
    chainId: string,
    {
      number,
      after,
      limit,
    }: { readonly number: number; readonly after: PendingPosition | null; readonly limit: number },
  ): Promise<readonly PendingRow[]> {
    return rows<PendingRow>(
      tx,
      `SELECT ${PENDING} FROM wallet_transfers_pending p WHERE chain_id = $1 AND block_number <= $2
         AND ($3::bigint IS NULL OR (block_number, block_hash, digest, position) > ($3, $4, $5::bytea, $6::integer))
       ORDER BY p.block_number, p.block_hash, digest, position LIMIT $7`,
      [
        chainId,
        number,
        after?.blockNumber ?? null,
        after?.blockHash ?? null,
        after?.digest ?? null,
        after?.position ?? null,
        limit,
      ],
    );
  }

  async deleteUpTo(tx: EntityManager, chainId: string, number: number): Promise<void> {
    await tx.query('DELETE FROM wallet_transfers_pending WHERE chain_id = $1 AND block_number <= $2', [
      chainId,
      number,
    ]);
  }

  /** The blocks that have rows, orphaned ones too. */
  async hashes(manager: EntityManager, chainId: string): Promise<readonly string[]> {
    const found = await rows<{ hash: string }>(
      manager,
      'SELECT DISTINCT block_hash AS hash FROM wallet_transfers_pending WHERE chain_id = $1',
      [chainId],
    );
    return found.map(({ hash }) => hash);
  }

  /**
   * The rows of one wallet, by the digests that it has in blocks: the first rows of each block first, then of the newest
   * blocks.
   * @param limit `null`: all
   */
  async of(
    manager: EntityManager,
    chainId: string,
    blocks: readonly { readonly hash: string; readonly digest: Buffer }[],
    limit: number | null,
  ): Promise<readonly PendingRow[]> {
    return rows<PendingRow>(
      manager,
      `SELECT ${PENDING} FROM wallet_transfers_pending
       WHERE chain_id = $1 AND (block_hash, digest) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
       ORDER BY position, wallet_transfers_pending.block_number DESC LIMIT $4`,
      [chainId, blocks.map(({ hash }) => hash), blocks.map(({ digest }) => digest), limit],
    );
  }

  async deleteOf(
    tx: EntityManager,
    chainId: string,
    blocks: readonly { readonly hash: string; readonly digest: Buffer }[],
  ): Promise<void> {
    if (blocks.length === 0) return;
    await tx.query(
      `DELETE FROM wallet_transfers_pending
       WHERE chain_id = $1 AND (block_hash, digest) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))`,
      [chainId, blocks.map(({ hash }) => hash), blocks.map(({ digest }) => digest)],
    );
  }
}
