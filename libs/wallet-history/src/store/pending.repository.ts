import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

export interface PendingRow {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly digest: Buffer;
  readonly position: number;
  readonly content: Sealed;
  readonly orphanedAt: Date | null;
}

const PENDING = `block_number::float8 AS "blockNumber", block_hash AS "blockHash", digest, position, content,
  orphaned_at AS "orphanedAt"`;

/** Rows of blocks that are not final. */
@Injectable()
export class PendingRepository {
  /** A block that comes back after it had vanished finds its rows. What a lying node had told of it is replaced. */
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

  /** Up to a block, in the order of the chain. */
  async upTo(manager: EntityManager, chainId: string, number: number): Promise<readonly PendingRow[]> {
    return rows<PendingRow>(
      manager,
      `SELECT ${PENDING} FROM wallet_transfers_pending WHERE chain_id = $1 AND block_number <= $2
       ORDER BY block_number, block_hash, digest, position`,
      [chainId, number],
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

  /** The rows of one wallet, by the digests that it has in blocks. In the order of the chain. */
  async of(
    manager: EntityManager,
    chainId: string,
    blocks: readonly { readonly hash: string; readonly digest: Buffer }[],
  ): Promise<readonly PendingRow[]> {
    return rows<PendingRow>(
      manager,
      `SELECT ${PENDING} FROM wallet_transfers_pending
       WHERE chain_id = $1 AND (block_hash, digest) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
       ORDER BY block_number, block_hash, position`,
      [chainId, blocks.map(({ hash }) => hash), blocks.map(({ digest }) => digest)],
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
