import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BLIND_INDEX, columns, firstRow, rows, type RowOf } from '@countersign/database';
import type { Sealed } from '@countersign/crypto';
import type { Step } from '@countersign/keys';
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

/** A wallet, and whether its address has a digest under the key that was asked for. */
export interface DigestedWallet {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly provider: string;
  readonly identityId: string;
  readonly subject: Sealed;
  readonly isDigested: boolean;
}

export const ADDRESS_DIGEST = BLIND_INDEX.and(
  columns<Pick<WalletAddressDigestEntity, 'walletId'>>({ walletId: 'uuid' }),
);

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const FOLLOWED = `
  SELECT d.wallet_id AS "walletId", d.key_id AS "keyId", d.digest, w.provider, w.environment, w.chain_id AS "chainId",
    w.linked_at AS "linkedAt"
  FROM wallet_address_digests d JOIN wallets w ON w.id = d.wallet_id`;

const LACKING = `
  FROM wallets w WHERE NOT EXISTS (
    SELECT 1 FROM wallet_address_digests d WHERE d.wallet_id = w.id AND d.key_id = $1
  )`;

/** The digests that followers of chains find addresses by. */
@Injectable()
export class AddressDigestsRepository {
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

  async countLacking(manager: EntityManager, keyId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, `SELECT count(*)::int AS count ${LACKING}`, [
      keyId,
    ]);
    return found?.count ?? 0;
  }

  async lookAt(
    manager: EntityManager,
    keyId: string,
    { after, limit }: Step,
  ): Promise<readonly DigestedWallet[]> {
    return rows<DigestedWallet>(
      manager,
      `SELECT w.id, w.user_id AS "userId", u.data_key AS "dataKey", w.provider, w.identity_id AS "identityId", i.subject,
         EXISTS (SELECT 1 FROM wallet_address_digests d WHERE d.wallet_id = w.id AND d.key_id = $1) AS "isDigested"
       FROM wallets w JOIN users u ON u.id = w.user_id JOIN identities i ON i.id = w.identity_id
       WHERE w.id > $2::uuid ORDER BY w.id LIMIT $3`,
      [keyId, after === '' ? BEFORE_ALL : after, limit],
    );
  }

  async delete(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM wallet_address_digests WHERE key_id = $1 AND wallet_id = ANY(ARRAY(
         SELECT wallet_id FROM wallet_address_digests WHERE key_id = $1 LIMIT $2
       )) RETURNING true`,
      [keyId, limit],
    );
    return deleted.length;
  }
}
