import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';

export interface BackFill {
  readonly walletId: string;
  readonly chainId: string;
  readonly isDone: boolean;
  readonly progress: Sealed;
}

/** A wallet whose earlier blocks are to be searched. */
export interface Unfilled {
  readonly walletId: string;
  readonly fromBlock: number;
  /** `null` before the first step. */
  readonly progress: Sealed | null;
}

const BACK_FILL = 'wallet_id AS "walletId", chain_id AS "chainId", is_done AS "isDone", progress';

/** How far earlier blocks are searched. */
@Injectable()
export class BackFillsRepository {
  /** The first wallet after one whose blocks before the link are all final, in the order of their ids. */
  async nextUnfilled(
    manager: EntityManager,
    chainId: string,
    finalNumber: number,
    after: string | null,
  ): Promise<Unfilled | null> {
    return firstRow<Unfilled>(
      manager,
      `SELECT c.wallet_id AS "walletId", c.from_block::float8 AS "fromBlock", f.progress
       FROM wallet_chains c LEFT JOIN wallet_back_fills f ON (f.wallet_id, f.chain_id) = (c.wallet_id, c.chain_id)
       WHERE c.chain_id = $1 AND c.from_block <= $2 + 1 AND f.is_done IS NOT TRUE
         AND ($3::uuid IS NULL OR c.wallet_id > $3)
       ORDER BY c.wallet_id LIMIT 1`,
      [chainId, finalNumber, after],
    );
  }

  /** How many wallets are not done, by chain. */
  async counts(
    manager: EntityManager,
    chainIds: readonly string[],
  ): Promise<Readonly<Record<string, number>>> {
    const found = await rows<{ chainId: string; count: number }>(
      manager,
      `SELECT c.chain_id AS "chainId", count(*)::int AS count
       FROM wallet_chains c LEFT JOIN wallet_back_fills f ON (f.wallet_id, f.chain_id) = (c.wallet_id, c.chain_id)
       WHERE c.chain_id = ANY ($1::text[]) AND f.is_done IS NOT TRUE GROUP BY c.chain_id`,
      [chainIds],
    );
    return Object.fromEntries(found.map(({ chainId, count }) => [chainId, count]));
  }

  async find(manager: EntityManager, walletId: string, chainId: string): Promise<BackFill | null> {
    return firstRow<BackFill>(
      manager,
      `SELECT ${BACK_FILL} FROM wallet_back_fills WHERE wallet_id = $1 AND chain_id = $2`,
      [walletId, chainId],
    );
  }

  async ofWallets(manager: EntityManager, walletIds: readonly string[]): Promise<readonly BackFill[]> {
    return rows<BackFill>(
      manager,
      `SELECT ${BACK_FILL} FROM wallet_back_fills WHERE wallet_id = ANY ($1::uuid[]) ORDER BY wallet_id, chain_id`,
      [walletIds],
    );
  }

  async save(tx: EntityManager, { walletId, chainId, isDone, progress }: BackFill): Promise<void> {
    await tx.query(
      `INSERT INTO wallet_back_fills (wallet_id, chain_id, is_done, progress) VALUES ($1, $2, $3, $4)
       ON CONFLICT (wallet_id, chain_id) DO UPDATE SET is_done = EXCLUDED.is_done, progress = EXCLUDED.progress`,
      [walletId, chainId, isDone, progress],
    );
  }

  /** The lowest sequence of a history, at most 0: rows of earlier blocks go below it. */
  async firstSequence(tx: EntityManager, digest: Buffer): Promise<number> {
    const found = await firstRow<{ sequence: number }>(
      tx,
      `SELECT LEAST(min(sequence), 0)::float8 AS sequence FROM wallet_transfers WHERE digest = $1`,
      [digest],
    );
    return found?.sequence ?? 0;
  }
}
