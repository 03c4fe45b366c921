import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { FinalRow } from './history.repository';
import { LeaseLost, type PendingBlock, type Lease } from './positions.repository';

/** How far a chain was read when its follower was asked to leave it. */
export interface TakenPosition {
  /** `null`: nothing is read yet. */
  readonly finalNumber: number | null;
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

/** Puts a chain back to an earlier block. */
@Injectable()
export class ChainResetRepository {
  /** Takes the lease from the replica that has it: it writes nothing from now on. @returns null where no row is there */
  async take(tx: EntityManager, lease: Lease, until: Date): Promise<TakenPosition | null> {
    return firstRow<TakenPosition>(
      tx,
      `UPDATE chain_positions SET lease = $2, lease_until = $3 WHERE chain_id = $1
       RETURNING final_number::float8 AS "finalNumber"`,
      [lease.chainId, lease.id, until],
    );
  }

  /** @throws LeaseLost where another reset, or a replica after the lease had ended, has taken it */
  async extend(tx: EntityManager, lease: Lease, until: Date): Promise<void> {
    const extended = await firstRow(
      tx,
      'UPDATE chain_positions SET lease_until = $3 WHERE chain_id = $1 AND lease = $2 RETURNING chain_id',
      [lease.chainId, lease.id, until],
    );
    if (!extended) throw new LeaseLost('another replica has the chain');
  }

  /** Oldest first. */
  async pageUp(
    manager: EntityManager,
    digest: Buffer,
    after: number,
    limit: number,
  ): Promise<readonly Pick<FinalRow, 'sequence' | 'content'>[]> {
    return rows(
      manager,
      `SELECT sequence::float8 AS sequence, content FROM wallet_transfers
       WHERE digest = $1 AND wallet_transfers.sequence > $2 ORDER BY wallet_transfers.sequence LIMIT $3`,
      [digest, after, limit],
    );
  }

  async deleteAssets(tx: EntityManager, digest: Buffer): Promise<void> {
    await tx.query('DELETE FROM wallet_assets WHERE digest = $1', [digest]);
  }

  /**
   * The block is the first of the window, and all wallets are followed from the next one on. The lease is given back.
   * @param genesisHash `null`: as before
   */
  async restart(
    tx: EntityManager,
    chainId: string,
    block: PendingBlock,
    genesisHash: string | null,
    now: Date,
  ): Promise<void> {
    await tx.query('DELETE FROM wallet_transfers_pending WHERE chain_id = $1 AND block_number <= $2', [
      chainId,
      EVERYTHING,
    ]);
    await tx.query('DELETE FROM chain_blocks WHERE chain_id = $1', [chainId]);
    await tx.query('INSERT INTO chain_blocks (chain_id, number, hash, parent_hash) VALUES ($1, $2, $3, $4)', [
      chainId,
      block.number,
      block.hash,
      block.parentHash,
    ]);
    await tx.query(
      `UPDATE chain_positions SET tip_number = $2, tip_hash = $3, final_number = $2, head_number = $2,
         genesis_hash = COALESCE($4, genesis_hash), state = 'catching-up', fault = NULL, state_since = $5,
         confirmed_at = NULL, lease = NULL, lease_until = NULL WHERE chain_id = $1`,
      [chainId, block.number, block.hash, genesisHash, now],
    );
  }
}
