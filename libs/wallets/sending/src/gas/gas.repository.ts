import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { SendEntity } from '../store/send.entities';

/** A send for which the funding wallet paid, or is to pay. */
export type SendWithGas = Pick<SendEntity, 'id' | 'state'> & { readonly gas: NonNullable<SendEntity['gas']> };

/** A send that waits for gas which nothing pays yet. */
export type UnpaidSend = SendWithGas & Pick<SendEntity, 'walletId' | 'chainId' | 'applicationId'>;

const UNPAID = `
  SELECT id, state, gas, wallet_id AS "walletId", chain_id AS "chainId", application_id AS "applicationId" FROM sends s
  WHERE id = $1 AND state = 'waiting' AND gas IS NOT NULL AND NOT EXISTS (SELECT FROM sends t WHERE t.gas_for = s.id)`;

/** The rows of what funding wallets pay. */
@Injectable()
export class GasRepository {
  /** Other sends of a wallet that wait for gas, or got it since an instant. */
  async listPaid(
    tx: EntityManager,
    { walletId, chainId, id }: Pick<SendEntity, 'walletId' | 'chainId' | 'id'>,
    since: Date,
  ): Promise<readonly SendWithGas[]> {
    return rows<SendWithGas>(
      tx,
      `SELECT s.id, s.state, s.gas FROM sends s LEFT JOIN sends t ON t.gas_for = s.id
       WHERE s.wallet_id = $1 AND s.chain_id = $2 AND s.gas IS NOT NULL AND s.id <> $3
         AND (s.state = 'waiting' OR t.state IN ('broadcasting', 'mined', 'final') AND t.created_at > $4)`,
      [walletId, chainId, id, since],
    );
  }

  async setGas(tx: EntityManager, { id, gas }: Pick<SendEntity, 'id' | 'gas'>): Promise<void> {
    await tx.update(SendEntity, { id }, { gas });
  }

  /** What pays for a send; null before it is stored. */
  async findPayment(manager: EntityManager, sendId: string): Promise<SendEntity | null> {
    return manager.findOneBy(SendEntity, { gasFor: sendId });
  }

  /** A send that waits for gas which nothing pays yet. */
  async findUnpaid(manager: EntityManager, sendId: string): Promise<UnpaidSend | null> {
    return firstRow<UnpaidSend>(manager, UNPAID, [sendId]);
  }

  /** Until the transaction ends it goes on waiting. @returns false where it does not wait for gas any more */
  async lockUnpaid(tx: EntityManager, sendId: string): Promise<boolean> {
    // A statement that waited for the lock sees the payment only when it is asked again.
    await tx.query('SELECT 1 FROM sends WHERE id = $1 FOR NO KEY UPDATE', [sendId]);
    return (await firstRow(tx, UNPAID, [sendId])) !== null;
  }

  /** Payments that have ended, for sends that were erased: their recipients were of these people. */
  async deleteErased(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM sends t WHERE gas_for IS NOT NULL AND state NOT IN ('broadcasting', 'mined')
         AND NOT EXISTS (SELECT FROM sends s WHERE s.id = t.gas_for)`,
    );
  }
}
