import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { ReadingState } from '@countersign/wallet-reading';

/** A stored block of the window. */
export interface PendingBlock {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Its hash was recomputed from the contents that were read. */
  readonly isRecomputed?: boolean;
}

/** How far a chain is read. */
export interface Position {
  readonly chainId: string;
  readonly genesisHash: string | null;
  readonly headNumber: number | null;
  readonly tipNumber: number | null;
  readonly tipHash: string | null;
  readonly finalNumber: number | null;
  readonly state: ReadingState;
  readonly fault: string | null;
  readonly stateSince: Date;
  readonly confirmedAt: Date | null;
  readonly leaseUntil: Date | null;
}

/** The right to write what is below a position. */
export interface Lease {
  readonly chainId: string;
  readonly id: string;
}

export interface LeaseTimes {
  readonly now: Date;
  readonly until: Date;
  readonly tooFar: Date;
}

export interface Report {
  readonly state: ReadingState;
  readonly fault: string | null;
  /** `null`: as before. */
  readonly headNumber: number | null;
  readonly isConfirmed: boolean;
}

/** Another replica follows the chain. Nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

// Numbers of blocks are below 2^53, which float8 carries exactly; bigint arrives as text.
const POSITION = `chain_id AS "chainId", genesis_hash AS "genesisHash", head_number::float8 AS "headNumber",
  tip_number::float8 AS "tipNumber", tip_hash AS "tipHash", final_number::float8 AS "finalNumber", state, fault,
  state_since AS "stateSince", confirmed_at AS "confirmedAt", lease_until AS "leaseUntil"`;

/** Positions of followers, and the blocks of their windows. */
@Injectable()
export class PositionsRepository {
  async ensure(tx: EntityManager, chainId: string, now: Date): Promise<void> {
    await tx.query(
      `INSERT INTO chain_positions (chain_id, state, state_since) VALUES ($1, 'starting', $2) ON CONFLICT DO NOTHING`,
      [chainId, now],
    );
  }

  /**
   * Takes or extends the lease. Instants are of the clock of the database.
   * @param tooFar a lease that ends later was written by a wrong clock, and has ended
   * @returns null while another replica has it
   */
  async acquire(
    tx: EntityManager,
    lease: Lease,
    { now, until, tooFar }: LeaseTimes,
  ): Promise<Position | null> {
    return firstRow<Position>(
      tx,
      `UPDATE chain_positions SET lease = $2, lease_until = $4
       WHERE chain_id = $1 AND (lease IS NULL OR lease = $2 OR lease_until < $3 OR lease_until > $5)
       RETURNING ${POSITION}`,
      [lease.chainId, lease.id, now, until, tooFar],
    );
  }

  async release(tx: EntityManager, lease: Lease): Promise<void> {
    await tx.query(
      'UPDATE chain_positions SET lease = NULL, lease_until = NULL WHERE chain_id = $1 AND lease = $2',
      [lease.chainId, lease.id],
    );
  }

  /**
   * Locks the position until the transaction ends, so that no replica takes the lease meanwhile.
   * @throws LeaseLost
   */
  async fence(tx: EntityManager, lease: Lease): Promise<Position> {
    const position = await firstRow<Position>(
      tx,
      `SELECT ${POSITION} FROM chain_positions WHERE chain_id = $1 AND lease = $2 FOR UPDATE`,
      [lease.chainId, lease.id],
    );
    if (!position) throw new LeaseLost('another replica follows the chain');
    return position;
  }

  /**
   * Locks the position until the transaction ends. The replica that has the lease waits, and has lost it then.
   * @returns the last final block; null where nothing is read yet
   */
  async lockForReset(tx: EntityManager, chainId: string): Promise<number | null> {
    const taken = await firstRow<{ finalNumber: number | null }>(
      tx,
      `UPDATE chain_positions SET lease = NULL, lease_until = NULL WHERE chain_id = $1
       RETURNING final_number::float8 AS "finalNumber"`,
      [chainId],
    );
    return taken?.finalNumber ?? null;
  }

  /** The block is the first of the window. */
  async restart(tx: EntityManager, chainId: string, block: PendingBlock, now: Date): Promise<void> {
    await tx.query('DELETE FROM wallet_transfers_pending WHERE chain_id = $1', [chainId]);
    await tx.query('DELETE FROM chain_blocks WHERE chain_id = $1', [chainId]);
    await this.addBlocks(tx, chainId, [block]);
    // The first block of a chain is what it is known by: a test chain may have been begun anew under its id.
    await tx.query(
      `UPDATE chain_positions SET tip_number = $2::bigint, tip_hash = $3, final_number = $2::bigint, head_number = $2::bigint,
         genesis_hash = CASE WHEN $2::bigint = 0 THEN $3 ELSE genesis_hash END, state = 'catching-up', fault = NULL,
         state_since = $4, confirmed_at = NULL WHERE chain_id = $1`,
      [chainId, block.number, block.hash, now],
    );
  }

  async setGenesis(tx: EntityManager, { chainId, id }: Lease, genesisHash: string): Promise<void> {
    await tx.query(
      'UPDATE chain_positions SET genesis_hash = $3 WHERE chain_id = $1 AND lease = $2 AND genesis_hash IS NULL',
      [chainId, id, genesisHash],
    );
  }

  async setTip(tx: EntityManager, chainId: string, tip: PendingBlock, leaseUntil: Date): Promise<void> {
    await tx.query(
      `UPDATE chain_positions SET tip_number = $2, tip_hash = $3, lease_until = $4,
         head_number = GREATEST(head_number, $2) WHERE chain_id = $1`,
      [chainId, tip.number, tip.hash, leaseUntil],
    );
  }

  async setFinal(tx: EntityManager, chainId: string, finalNumber: number): Promise<void> {
    await tx.query('UPDATE chain_positions SET final_number = $2 WHERE chain_id = $1', [
      chainId,
      finalNumber,
    ]);
  }

  async report(tx: EntityManager, lease: Lease, report: Report, now: Date): Promise<void> {
    await tx.query(
      `UPDATE chain_positions SET
         state_since = CASE WHEN (state, fault) IS NOT DISTINCT FROM ($3, $4) THEN state_since ELSE $7 END,
         state = $3, fault = $4, head_number = COALESCE($5, head_number),
         confirmed_at = CASE WHEN $6 THEN $7 ELSE confirmed_at END
       WHERE chain_id = $1 AND lease = $2`,
      [lease.chainId, lease.id, report.state, report.fault, report.headNumber, report.isConfirmed, now],
    );
  }

  async all(manager: EntityManager): Promise<readonly Position[]> {
    return rows<Position>(manager, `SELECT ${POSITION} FROM chain_positions ORDER BY chain_id`);
  }

  /** The blocks of the window, oldest first: the last final one and those above it. */
  async blocks(manager: EntityManager, chainId: string): Promise<readonly PendingBlock[]> {
    return rows<PendingBlock>(
      manager,
      `SELECT number::float8 AS number, hash, parent_hash AS "parentHash", is_recomputed AS "isRecomputed" FROM chain_blocks
       WHERE chain_id = $1 ORDER BY number`,
      [chainId],
    );
  }

  /** `null`: it is not in the window. */
  async block(manager: EntityManager, chainId: string, number: number): Promise<PendingBlock | null> {
    return firstRow<PendingBlock>(
      manager,
      `SELECT number::float8 AS number, hash, parent_hash AS "parentHash" FROM chain_blocks
       WHERE chain_id = $1 AND chain_blocks.number = $2`,
      [chainId, number],
    );
  }

  async addBlocks(tx: EntityManager, chainId: string, blocks: readonly PendingBlock[]): Promise<void> {
    await tx.query(
      `INSERT INTO chain_blocks (chain_id, number, hash, parent_hash, is_recomputed)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[])`,
      [
        chainId,
        blocks.map(({ number }) => number),
        blocks.map(({ hash }) => hash),
        blocks.map(({ parentHash }) => parentHash),
        blocks.map(({ isRecomputed }) => isRecomputed === true),
      ],
    );
  }

  async dropBlocksAbove(tx: EntityManager, chainId: string, number: number): Promise<void> {
    await tx.query('DELETE FROM chain_blocks WHERE chain_id = $1 AND number > $2', [chainId, number]);
  }

  async dropBlocksBelow(tx: EntityManager, chainId: string, number: number): Promise<void> {
    await tx.query('DELETE FROM chain_blocks WHERE chain_id = $1 AND number < $2', [chainId, number]);
  }
}
