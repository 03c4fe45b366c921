import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

export interface FinalRow {
  readonly digest: Buffer;
  readonly sequence: number;
  readonly entry: Buffer;
  readonly isHidden: boolean;
  readonly content: Sealed;
}

export interface AssetRow {
  readonly digest: Buffer;
  readonly asset: Buffer;
  readonly sequence: number;
  readonly isCollectible: boolean;
  readonly isOwned: boolean;
  readonly isHidden: boolean;
  readonly content: Sealed;
}

/** What is not stored of one wallet. */
export interface OmissionsRow {
  readonly digest: Buffer;
  readonly content: Sealed;
}

/** A page of rows of one digest. */
export interface Slice {
  readonly digest: Buffer;
  /** Of the last row of the page before. */
  readonly after: number | null;
  readonly limit: number;
  readonly includesHidden: boolean;
}

const FINAL = 'digest, sequence::float8 AS sequence, entry, is_hidden AS "isHidden", content';
const ASSET = `digest, asset, sequence, is_collectible AS "isCollectible", is_held AS "isOwned",
  is_hidden AS "isHidden", content`;

/** Final rows: histories and assets. */
@Injectable()
export class HistoryRepository {
  /** The last sequence of each digest; 0 for one without rows, or with those of earlier blocks only. */
  async lastSequences(tx: EntityManager, digests: readonly Buffer[]): Promise<ReadonlyMap<string, number>> {
    return sequencesOf(
      await rows(
        tx,
        `SELECT d.digest, GREATEST((SELECT max(sequence) FROM wallet_transfers t WHERE t.digest = d.digest), 0)::float8
           AS sequence FROM unnest($1::bytea[]) AS d (digest)`,
        [digests],
      ),
    );
  }

  async lastAssetSequences(
    tx: EntityManager,
    digests: readonly Buffer[],
  ): Promise<ReadonlyMap<string, number>> {
    return sequencesOf(
      await rows(
        tx,
        `SELECT d.digest, COALESCE((SELECT max(sequence) FROM wallet_assets a WHERE a.digest = d.digest), 0)::float8
           AS sequence FROM unnest($1::bytea[]) AS d (digest)`,
        [digests],
      ),
    );
  }

  /** Which entries are there. */
  async find(
    tx: EntityManager,
    wanted: readonly Pick<FinalRow, 'digest' | 'entry'>[],
  ): Promise<readonly Pick<FinalRow, 'digest' | 'entry'>[]> {
    return rows(
      tx,
      `SELECT digest, entry FROM wallet_transfers
       WHERE (digest, entry) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[]))`,
      [wanted.map(({ digest }) => digest), wanted.map(({ entry }) => entry)],
    );
  }

  async delete(tx: EntityManager, gone: readonly Pick<FinalRow, 'digest' | 'entry'>[]): Promise<void> {
    await tx.query(
      `DELETE FROM wallet_transfers
       WHERE (digest, entry) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[]))`,
      [gone.map(({ digest }) => digest), gone.map(({ entry }) => entry)],
    );
  }

  /** In the order of the digests, so that a dump does not tell which wallet's block of a batch was first. */
  async add(tx: EntityManager, added: readonly FinalRow[]): Promise<void> {
    if (added.length === 0) return;
    await tx.query(
      `INSERT INTO wallet_transfers (digest, sequence, entry, is_hidden, content)
       SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::boolean[], $5::text[])
         AS t (digest, sequence, entry, is_hidden, content)
       ORDER BY digest, sequence`,
      [
        added.map(({ digest }) => digest),
        added.map(({ sequence }) => sequence),
        added.map(({ entry }) => entry),
        added.map(({ isHidden }) => isHidden),
        added.map(({ content }) => content),
      ],
    );
  }

  /**
   * Newest first: `limit + 1` rows, to see whether a page follows. By the column: the answer's number of the same name is in
   * no index.
   */
  async page(
    manager: EntityManager,
    { digest, after, limit, includesHidden }: Slice,
  ): Promise<readonly FinalRow[]> {
    const shown = includesHidden ? '' : 'AND NOT is_hidden';
    return rows<FinalRow>(
      manager,
      `SELECT ${FINAL} FROM wallet_transfers WHERE digest = $1 AND ($2::bigint IS NULL OR sequence < $2) ${shown}
       ORDER BY wallet_transfers.sequence DESC LIMIT $3`,
      [digest, after, limit + 1],
    );
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

  async omissions(manager: EntityManager, digests: readonly Buffer[]): Promise<readonly OmissionsRow[]> {
    return rows<OmissionsRow>(
      manager,
      'SELECT digest, content FROM wallet_tallies WHERE digest = ANY($1::bytea[])',
      [digests],
    );
  }

  /** In the order of the digests, see `add`. */
  async saveOmissions(tx: EntityManager, saved: readonly OmissionsRow[]): Promise<void> {
    if (saved.length === 0) return;
    await tx.query(
      `INSERT INTO wallet_tallies (digest, content)
       SELECT * FROM unnest($1::bytea[], $2::text[]) AS t (digest, content) ORDER BY digest
       ON CONFLICT (digest) DO UPDATE SET content = EXCLUDED.content`,
      [saved.map(({ digest }) => digest), saved.map(({ content }) => content)],
    );
  }

  async deleteAssets(tx: EntityManager, digest: Buffer): Promise<void> {
    await tx.query('DELETE FROM wallet_assets WHERE digest = $1', [digest]);
  }

  async assets(
    manager: EntityManager,
    wanted: readonly Pick<AssetRow, 'digest' | 'asset'>[],
  ): Promise<readonly AssetRow[]> {
    return rows<AssetRow>(
      manager,
      `SELECT ${ASSET} FROM wallet_assets
       WHERE (digest, asset) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[]))`,
      [wanted.map(({ digest }) => digest), wanted.map(({ asset }) => asset)],
    );
  }

  /** In the order of the digests, see `add`. */
  async saveAssets(tx: EntityManager, saved: readonly AssetRow[]): Promise<void> {
    if (saved.length === 0) return;
    await tx.query(
      `INSERT INTO wallet_assets (digest, asset, sequence, is_collectible, is_held, is_hidden, content)
       SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::integer[], $4::boolean[], $5::boolean[], $6::boolean[], $7::text[])
         AS t (digest, asset, sequence, is_collectible, is_held, is_hidden, content)
       ORDER BY digest, asset
       ON CONFLICT (digest, asset) DO UPDATE
         SET is_held = EXCLUDED.is_held, is_hidden = EXCLUDED.is_hidden, content = EXCLUDED.content`,
      [
        saved.map(({ digest }) => digest),
        saved.map(({ asset }) => asset),
        saved.map(({ sequence }) => sequence),
        saved.map(({ isCollectible }) => isCollectible),
        saved.map(({ isOwned }) => isOwned),
        saved.map(({ isHidden }) => isHidden),
        saved.map(({ content }) => content),
      ],
    );
  }

  /** Everything, in the order of the first transfer: `limit + 1` rows. */
  async allAssets(manager: EntityManager, { digest, after, limit }: Slice): Promise<readonly AssetRow[]> {
    return rows<AssetRow>(
      manager,
      `SELECT ${ASSET} FROM wallet_assets WHERE digest = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
      [digest, after ?? 0, limit + 1],
    );
  }

  /** The collectibles that the wallet has, in the order of their first transfer: `limit + 1` rows. */
  async collectibles(
    manager: EntityManager,
    { digest, after, limit, includesHidden }: Slice,
  ): Promise<readonly AssetRow[]> {
    const shown = includesHidden ? '' : 'AND NOT is_hidden';
    return rows<AssetRow>(
      manager,
      `SELECT ${ASSET} FROM wallet_assets
       WHERE digest = $1 AND is_collectible AND is_held AND sequence > $2 ${shown} ORDER BY sequence LIMIT $3`,
      [digest, after ?? 0, limit + 1],
    );
  }

  /** The coin and the tokens, in the order of their first transfer: at most `limit` rows. */
  async fungible(
    manager: EntityManager,
    { digest, limit, includesHidden }: Omit<Slice, 'after'>,
  ): Promise<readonly AssetRow[]> {
    const shown = includesHidden ? '' : 'AND NOT is_hidden';
    return rows<AssetRow>(
      manager,
      `SELECT ${ASSET} FROM wallet_assets WHERE digest = $1 AND NOT is_collectible ${shown} ORDER BY sequence LIMIT $2`,
      [digest, limit],
    );
  }
}

function sequencesOf(
  found: readonly { readonly digest: Buffer; readonly sequence: number }[],
): ReadonlyMap<string, number> {
  return new Map(found.map(({ digest, sequence }) => [digest.toString('hex'), sequence]));
}
