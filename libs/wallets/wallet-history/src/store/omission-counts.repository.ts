import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

export interface OmissionCountRow {
  readonly digest: Buffer;
  readonly content: Sealed;
}

/** What is counted of wallets on chains. */
@Injectable()
export class OmissionCountsRepository {
  async find(manager: EntityManager, digests: readonly Buffer[]): Promise<readonly OmissionCountRow[]> {
    if (digests.length === 0) return [];
    return rows<OmissionCountRow>(
      manager,
      'SELECT digest, content FROM wallet_tallies WHERE digest = ANY($1::bytea[])',
      [digests],
    );
  }

  /** In the order of the digests, as other rows of histories. */
  async save(tx: EntityManager, saved: readonly OmissionCountRow[]): Promise<void> {
    if (saved.length === 0) return;
    await tx.query(
      `INSERT INTO wallet_tallies (digest, content)
       SELECT * FROM unnest($1::bytea[], $2::text[]) AS t (digest, content) ORDER BY digest
       ON CONFLICT (digest) DO UPDATE SET content = EXCLUDED.content`,
      [saved.map(({ digest }) => digest), saved.map(({ content }) => content)],
    );
  }
}
