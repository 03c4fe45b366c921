import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';

export interface TokenNamesRow {
  readonly digest: Buffer;
  readonly content: Sealed;
}

/** What contracts say of themselves. */
@Injectable()
export class TokenNamesRepository {
  /** @returns the key that counts: of several replicas that make one at once, that of the first */
  async addKey(tx: EntityManager, chainId: string, namesKey: Sealed): Promise<Sealed> {
    await tx.query(
      'INSERT INTO token_name_keys (chain_id, names_key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [chainId, namesKey],
    );
    return (await this.findKey(tx, chainId)) ?? namesKey;
  }

  async findKey(manager: EntityManager, chainId: string): Promise<Sealed | null> {
    const found = await firstRow<{ key: Sealed }>(
      manager,
      'SELECT names_key AS key FROM token_name_keys WHERE chain_id = $1',
      [chainId],
    );
    return found?.key ?? null;
  }

  async find(
    manager: EntityManager,
    chainId: string,
    digests: readonly Buffer[],
  ): Promise<readonly TokenNamesRow[]> {
    return rows<TokenNamesRow>(
      manager,
      'SELECT digest, content FROM token_names WHERE chain_id = $1 AND digest = ANY ($2::bytea[])',
      [chainId, digests],
    );
  }

  async save(
    tx: EntityManager,
    chainId: string,
    { digest, content }: TokenNamesRow,
    day: string,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO token_names (chain_id, digest, content, asked_on) VALUES ($1, $2, $3, $4)
       ON CONFLICT (chain_id, digest) DO UPDATE SET content = EXCLUDED.content, asked_on = EXCLUDED.asked_on`,
      [chainId, digest, content, day],
    );
  }

  async count(manager: EntityManager, chainId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      manager,
      'SELECT count(*)::int AS count FROM token_names WHERE chain_id = $1',
      [chainId],
    );
    return found?.count ?? 0;
  }

  /** @returns how many went */
  async deleteBefore(tx: EntityManager, day: string, limit: number): Promise<number> {
    const gone = await rows(
      tx,
      `DELETE FROM token_names WHERE (chain_id, digest) IN (
         SELECT chain_id, digest FROM token_names WHERE asked_on < $1 LIMIT $2
       ) RETURNING true`,
      [day, limit],
    );
    return gone.length;
  }
}
