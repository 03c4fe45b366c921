import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

export interface WalletChain {
  readonly walletId: string;
  readonly chainId: string;
  readonly fromBlock: number;
  readonly hasGap: boolean;
  readonly counterparties: Sealed | null;
}

const WALLET_CHAIN = `wallet_id AS "walletId", chain_id AS "chainId", from_block::float8 AS "fromBlock",
  has_gap AS "hasGap", counterparties`;

/** Which chains are read for which wallets, and what is left of wallets that are gone. */
@Injectable()
export class WalletChainsRepository {
  async register(
    tx: EntityManager,
    chainId: string,
    walletIds: readonly string[],
    fromBlock: number,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO wallet_chains (wallet_id, chain_id, from_block)
       SELECT id, $1, $3 FROM wallets WHERE id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE ON CONFLICT DO NOTHING`,
      [chainId, walletIds, fromBlock],
    );
  }

  async ofChain(manager: EntityManager, chainId: string): Promise<readonly WalletChain[]> {
    return rows<WalletChain>(
      manager,
      `SELECT wallet_id AS "walletId", chain_id AS "chainId", from_block::float8 AS "fromBlock",
         has_gap AS "hasGap", NULL::text AS counterparties FROM wallet_chains WHERE chain_id = $1`,
      [chainId],
    );
  }

  async ofWallets(manager: EntityManager, walletIds: readonly string[]): Promise<readonly WalletChain[]> {
    return rows<WalletChain>(
      manager,
      `SELECT ${WALLET_CHAIN} FROM wallet_chains WHERE wallet_id = ANY($1::uuid[]) ORDER BY wallet_id, chain_id`,
      [walletIds],
    );
  }

  /** The wallet that is an identity. */
  async walletOf(manager: EntityManager, identityId: string): Promise<string | null> {
    const [found] = await rows<{ id: string }>(manager, 'SELECT id FROM wallets WHERE identity_id = $1', [
      identityId,
    ]);
    return found?.id ?? null;
  }

  async saveCounterparties(
    tx: EntityManager,
    chainId: string,
    walletId: string,
    counterparties: Sealed,
  ): Promise<void> {
    await tx.query('UPDATE wallet_chains SET counterparties = $3 WHERE chain_id = $1 AND wallet_id = $2', [
      chainId,
      walletId,
      counterparties,
    ]);
  }

  /** Something of the blocks of these wallets could not be stored. */
  async markGaps(tx: EntityManager, chainId: string, walletIds: readonly string[]): Promise<void> {
    if (walletIds.length === 0) return;
    await tx.query(
      `UPDATE wallet_chains SET has_gap = true
       WHERE chain_id = $1 AND wallet_id = ANY($2::uuid[]) AND NOT has_gap`,
      [chainId, walletIds],
    );
  }

  async addOrphaned(tx: EntityManager, digests: readonly Buffer[]): Promise<void> {
    await tx.query('INSERT INTO wallet_remains (digest) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING', [
      digests,
    ]);
  }

  /** One digest that is left. */
  async orphaned(manager: EntityManager): Promise<readonly Buffer[]> {
    const found = await rows<{ digest: Buffer }>(manager, 'SELECT digest FROM wallet_remains LIMIT 1');
    return found.map(({ digest }) => digest);
  }

  /** @returns how many rows went */
  async deleteRows(tx: EntityManager, digest: Buffer, limit: number): Promise<number> {
    const [{ count } = { count: 0 }] = await rows<{ count: number }>(
      tx,
      `WITH transfers AS (
         DELETE FROM wallet_transfers WHERE digest = $1 AND sequence IN (
           SELECT sequence FROM wallet_transfers WHERE digest = $1 LIMIT $2
         ) RETURNING true
       ), assets AS (
         DELETE FROM wallet_assets WHERE digest = $1 AND asset IN (
           SELECT asset FROM wallet_assets WHERE digest = $1 LIMIT $2
         ) RETURNING true
       ), tallies AS (
         DELETE FROM wallet_tallies WHERE digest = $1 RETURNING true
       ) SELECT ((SELECT count(*) FROM transfers) + (SELECT count(*) FROM assets)
           + (SELECT count(*) FROM tallies))::int AS count`,
      [digest, limit],
    );
    return count;
  }

  async forgetOrphaned(tx: EntityManager, digest: Buffer): Promise<void> {
    await tx.query('DELETE FROM wallet_remains WHERE digest = $1', [digest]);
  }
}
