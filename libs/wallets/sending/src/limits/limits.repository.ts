import { Injectable } from '@nestjs/common';
import { In, LessThan, MoreThanOrEqual, type EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';
import type { SendEntity } from '../store/send.entities';
import { SendRecipientEntity, SendSumEntity, WalletSendLimitsEntity } from './limits.entities';

/** A send that was signed, with the numbers of its versions that move nothing. */
export interface SignedSend extends Pick<
  SendEntity,
  'id' | 'applicationId' | 'chainId' | 'details' | 'isCompat' | 'outcome' | 'state'
> {
  readonly signedAt: Date;
  readonly cancelling: readonly number[];
}

/** The rows of limits, and what counts towards them. */
@Injectable()
export class LimitsRepository {
  async findSums(manager: EntityManager, ids: readonly string[]): Promise<readonly SendSumEntity[]> {
    return ids.length === 0 ? [] : manager.findBy(SendSumEntity, { id: In(ids) });
  }

  /** Locked until the transaction ends, in the order of their ids. @param empty for those that are not there yet */
  async lockSums(
    tx: EntityManager,
    empty: readonly { readonly id: string; readonly sums: Sealed }[],
  ): Promise<readonly SendSumEntity[]> {
    return rows<SendSumEntity>(
      tx,
      `INSERT INTO send_sums AS s (id, sums) SELECT * FROM unnest($1::text[], $2::text[]) AS n (id, sums) ORDER BY 1
       ON CONFLICT (id) DO UPDATE SET sums = s.sums RETURNING id, sums`,
      [empty.map(({ id }) => id), empty.map(({ sums }) => sums)],
    );
  }

  async saveSums(tx: EntityManager, { id, sums }: SendSumEntity): Promise<void> {
    await tx.update(SendSumEntity, { id }, { sums });
  }

  /** Those that a wallet signed since an instant. */
  async listSigned(
    manager: EntityManager,
    walletId: string,
    { since, exceptId }: { readonly since: Date; readonly exceptId: string },
  ): Promise<readonly SignedSend[]> {
    return rows<SignedSend>(
      manager,
      `SELECT id, application_id AS "applicationId", chain_id AS "chainId", details, is_compat AS "isCompat", outcome, state, signed_at AS "signedAt",
         ARRAY(SELECT number FROM send_versions v WHERE v.send_id = s.id AND v.kind = 'cancel') AS cancelling
       FROM sends s WHERE wallet_id = $1 AND signed_at > $2 AND id <> $3`,
      [walletId, since, exceptId],
    );
  }

  async findLimits(manager: EntityManager, walletId: string): Promise<WalletSendLimitsEntity | null> {
    return manager.findOneBy(WalletSendLimitsEntity, { walletId });
  }

  async saveLimits(tx: EntityManager, limits: WalletSendLimitsEntity): Promise<void> {
    await tx.upsert(WalletSendLimitsEntity, limits, ['walletId']);
  }

  async findRecipients(
    manager: EntityManager,
    walletId: string,
    digests: readonly Buffer[],
  ): Promise<readonly SendRecipientEntity[]> {
    return rows<SendRecipientEntity>(
      manager,
      `SELECT id, wallet_id AS "walletId", digest, recipient, known_since AS "knownSince" FROM send_recipients
       WHERE wallet_id = $1 AND digest = ANY($2::bytea[])`,
      [walletId, digests],
    );
  }

  async addRecipients(tx: EntityManager, recipients: readonly SendRecipientEntity[]): Promise<void> {
    if (recipients.length > 0) await tx.insert(SendRecipientEntity, [...recipients]);
  }

  /** Those that became known at an instant, or from another one on. */
  async removeRecipients(
    tx: EntityManager,
    walletId: string,
    { at, from }: { readonly at: Date; readonly from: Date | null },
  ): Promise<void> {
    await tx.delete(SendRecipientEntity, { walletId, knownSince: at });
    if (from) await tx.delete(SendRecipientEntity, { walletId, knownSince: MoreThanOrEqual(from) });
  }

  /** Newest first. */
  async listRecipients(
    manager: EntityManager,
    walletId: string,
    { limit, afterId }: { readonly limit: number; readonly afterId: string | null },
  ): Promise<readonly SendRecipientEntity[]> {
    return manager.find(SendRecipientEntity, {
      where: { walletId, ...(afterId === null ? {} : { id: LessThan(afterId) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** @returns whether it was there */
  async deleteRecipient(tx: EntityManager, walletId: string, id: string): Promise<boolean> {
    return (await tx.delete(SendRecipientEntity, { walletId, id })).affected === 1;
  }
}
