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

/** A wallet on a chain that is followed, whether or not something is stored of it. */
export interface FollowedWallet extends WalletChain {
  readonly environment: string;
  readonly isStored: boolean;
}

/** Wallets that were linked later than those of the start before, up to an instant. */
export interface Start {
  readonly linkedUntil: Date;
  readonly fromBlock: number;
}

/** From which block on wallets are followed, and what is left of wallets that are gone. */
@Injectable()
export class WalletChainsRepository {
  /** @param fromBlocks by wallet */
  async register(tx: EntityManager, chainId: string, fromBlocks: ReadonlyMap<string, number>): Promise<void> {
    if (fromBlocks.size === 0) return;
    await tx.query(
      `INSERT INTO wallet_chains (wallet_id, chain_id, from_block)
       SELECT id, $1, f.from_block FROM wallets JOIN unnest($2::uuid[], $3::bigint[]) AS f (wallet_id, from_block)
         ON id = f.wallet_id ORDER BY id FOR KEY SHARE OF wallets ON CONFLICT DO NOTHING`,
      [chainId, [...fromBlocks.keys()], [...fromBlocks.values()]],
    );
  }

  async addStart(tx: EntityManager, chainId: string, { linkedUntil, fromBlock }: Start): Promise<void> {
    await tx.query('INSERT INTO chain_starts (chain_id, linked_until, from_block) VALUES ($1, $2, $3)', [
      chainId,
      linkedUntil,
      fromBlock,
    ]);
  }

  /** In the order of their instants. */
  async starts(manager: EntityManager, chainId: string): Promise<readonly Start[]> {
    return rows<Start>(
      manager,
      `SELECT linked_until AS "linkedUntil", from_block::float8 AS "fromBlock" FROM chain_starts
       WHERE chain_id = $1 ORDER BY linked_until`,
      [chainId],
    );
  }

  /** Of a chain that is read again: no wallet begins later than with this block. */
  async startBy(tx: EntityManager, chainId: string, block: number): Promise<void> {
    for (const table of ['wallet_chains', 'chain_starts'])
      await tx.query(`UPDATE ${table} SET from_block = $2 WHERE chain_id = $1 AND from_block > $2`, [
        chainId,
        block,
      ]);
  }

  async ofChain(manager: EntityManager, chainId: string): Promise<readonly WalletChain[]> {
    return rows<WalletChain>(
      manager,
      `SELECT wallet_id AS "walletId", chain_id AS "chainId", from_block::float8 AS "fromBlock",
         has_gap AS "hasGap", NULL::text AS counterparties FROM wallet_chains WHERE chain_id = $1`,
      [chainId],
    );
  }

  /** Those that something is stored of. @param chainId all chains by default */
  async ofWallets(
    manager: EntityManager,
    walletIds: readonly string[],
    chainId: string | null = null,
  ): Promise<readonly WalletChain[]> {
    return rows<WalletChain>(
      manager,
      `SELECT ${WALLET_CHAIN} FROM wallet_chains
       WHERE wallet_id = ANY($1::uuid[]) AND ($2::text IS NULL OR chain_id = $2) ORDER BY wallet_id, chain_id`,
      [walletIds, chainId],
    );
  }

  /** With those that nothing is stored of. The caller asks whether the wallet can be on the chain. */
  async followed(manager: EntityManager, walletIds: readonly string[]): Promise<readonly FollowedWallet[]> {
    return rows<FollowedWallet>(
      manager,
      `SELECT w.id AS "walletId", p.chain_id AS "chainId", COALESCE(c.from_block, s.from_block)::float8 AS "fromBlock",
         COALESCE(c.has_gap, false) AS "hasGap", c.counterparties, w.environment, c.wallet_id IS NOT NULL AS "isStored"
       FROM wallets w CROSS JOIN chain_positions p
       LEFT JOIN wallet_chains c ON (c.wallet_id, c.chain_id) = (w.id, p.chain_id)
       LEFT JOIN LATERAL (
         SELECT from_block FROM chain_starts WHERE chain_id = p.chain_id AND linked_until >= w.linked_at
         ORDER BY linked_until LIMIT 1
       ) s ON true
       WHERE w.id = ANY($1::uuid[]) AND w.provider = 'ethereum' AND COALESCE(w.chain_id, p.chain_id) = p.chain_id
         AND COALESCE(c.from_block, s.from_block) IS NOT NULL
       ORDER BY w.id, p.chain_id`,
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
       ), omissions AS (
         DELETE FROM wallet_tallies WHERE digest = $1 RETURNING true
       ) SELECT ((SELECT count(*) FROM transfers) + (SELECT count(*) FROM assets)
           + (SELECT count(*) FROM omissions))::int AS count`,
      [digest, limit],
    );
    return count;
  }

  async forgetOrphaned(tx: EntityManager, digest: Buffer): Promise<void> {
    await tx.query('DELETE FROM wallet_remains WHERE digest = $1', [digest]);
  }
}
