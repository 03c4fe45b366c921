import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BlindIndex } from '@countersign/crypto';
import { BLIND_INDEX, columns, rows, type RowOf } from '@countersign/database';
import type { EmbeddedAddressDigestEntity } from '../store/wallet.entity';

const ADDRESS_DIGEST = BLIND_INDEX.and(
  columns<Pick<EmbeddedAddressDigestEntity, 'walletId'>>({ walletId: 'uuid' }),
);

/** The digests of the addresses of embedded wallets. */
@Injectable()
export class AddressDigestsRepository {
  /** @param digests of one address */
  async isEmbedded(tx: EntityManager, digests: readonly BlindIndex[]): Promise<boolean> {
    const found = await rows(
      tx,
      `SELECT 1 FROM unnest($1::text[], $2::bytea[]) AS wanted (key_id, digest)
       JOIN embedded_address_digests d ON d.key_id = wanted.key_id AND d.digest = wanted.digest LIMIT 1`,
      [digests.map(({ keyId }) => keyId), digests.map(({ digest }) => digest)],
    );
    return found.length > 0;
  }

  async insert(tx: EntityManager, digests: readonly RowOf<typeof ADDRESS_DIGEST>[]): Promise<void> {
    await tx.query(
      `INSERT INTO embedded_address_digests (${ADDRESS_DIGEST.names}) ${ADDRESS_DIGEST.unnest()} ON CONFLICT DO NOTHING`,
      ADDRESS_DIGEST.arraysOf(digests),
    );
  }
}
