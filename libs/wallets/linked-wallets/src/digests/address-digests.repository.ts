import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BlindIndex } from '@countersign/crypto';
import { BLIND_INDEX, columns, rows, type RowOf } from '@countersign/database';
import type { WalletAddressDigestEntity } from '../store/wallet.entity';

/** A digest of a wallet's address. */
export interface FollowedDigest {
  readonly walletId: string;
  readonly keyId: string;
  /** 32 bytes. */
  readonly digest: Buffer;
  readonly provider: string;
  readonly environment: string;
  /** CAIP-2 of a contract wallet, which is looked for on that chain alone. */
  readonly chainId: string | null;
  readonly linkedAt: Date;
}

export const ADDRESS_DIGEST = BLIND_INDEX.and(
  columns<Pick<WalletAddressDigestEntity, 'walletId'>>({ walletId: 'uuid' }),
);

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const FOLLOWED = `
  SELECT d.wallet_id AS "walletId", d.key_id AS "keyId", d.digest, w.provider, w.environment, w.chain_id AS "chainId",
    w.linked_at AS "linkedAt"
  FROM wallet_address_digests d JOIN wallets w ON w.id = d.wallet_id`;

/** The digests that followers of chains find addresses by. */
@Injectable()
export class AddressDigestsRepository {
  /** @param digests of one address */
  async isEmbedded(tx: EntityManager, digests: readonly BlindIndex[]): Promise<boolean> {
    const found = await rows(
      tx,
      `SELECT 1 FROM unnest($1::text[], $2::bytea[]) AS wanted (key_id, digest)
       JOIN wallet_address_digests d ON d.key_id = wanted.key_id AND d.digest = wanted.digest
       JOIN wallets w ON w.id = d.wallet_id WHERE w.kind = 'embedded' LIMIT 1`,
      [digests.map(({ keyId }) => keyId), digests.map(({ digest }) => digest)],
    );
    return found.length > 0;
  }

  /** Of all wallets of a provider, in the order of their ids: `limit` wallets. */
  async page(
    manager: EntityManager,
    { provider, afterId, limit }: { provider: string; afterId: string | null; limit: number },
  ): Promise<readonly FollowedDigest[]> {
    return rows<FollowedDigest>(
      manager,
      `${FOLLOWED} WHERE d.wallet_id IN (
         SELECT id FROM wallets WHERE id > $1::uuid AND provider = $2 ORDER BY id LIMIT $3
       ) ORDER BY d.wallet_id, d.key_id`,
      [afterId ?? BEFORE_ALL, provider, limit],
    );
  }

  async find(manager: EntityManager, walletIds: readonly string[]): Promise<readonly FollowedDigest[]> {
    return rows<FollowedDigest>(
      manager,
      `${FOLLOWED} WHERE d.wallet_id = ANY($1::uuid[]) ORDER BY d.wallet_id, d.key_id`,
      [walletIds],
    );
  }

  async insert(tx: EntityManager, digests: readonly RowOf<typeof ADDRESS_DIGEST>[]): Promise<void> {
    await tx.query(
      `INSERT INTO wallet_address_digests (${ADDRESS_DIGEST.names}) ${ADDRESS_DIGEST.unnest()} ON CONFLICT DO NOTHING`,
      ADDRESS_DIGEST.arraysOf(digests),
    );
  }
}
