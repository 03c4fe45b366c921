import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { SendEntity } from '../store/send.entities';

/** A send for which the funding wallet paid, or is to pay. */
export type SendWithGas = Pick<SendEntity, 'id' | 'state' | 'applicationId'> & {
  readonly gas: NonNullable<SendEntity['gas']>;
};

/** One for which gas was reserved, also if it has ended without it. */
export interface SendWithReservedGas extends SendWithGas {
  /** Whether its coins come to the wallet, or came. */
  readonly isAdded: boolean;
  /** Whether its payment is not final, or was not a minute ago: nodes were asked for the coins before it was looked at. */
  readonly isComing: boolean;
}

/** A send that waits for gas which nothing pays yet. */
export type UnpaidSend = SendWithGas & Pick<SendEntity, 'walletId' | 'chainId'>;

/** Gas is reserved when a send has waited for its delay, of 30 days at most, and for its launch; it counts for a day more. */
const COUNTED_DAYS = 33;

const UNPAID = `
  SELECT id, state, gas, wallet_id AS "walletId", chain_id AS "chainId", application_id AS "applicationId" FROM sends s
  WHERE id = $1 AND state = 'waiting' AND gas IS NOT NULL AND NOT EXISTS (SELECT FROM sends t WHERE t.gas_for = s.id)`;

/** A payment that no block has, and that all later sends of its wallet wait for. */
export type FirstPayment = Pick<SendEntity, 'id' | 'chainId'>;

const FIRST_PAYMENTS = `
  SELECT id, chain_id AS "chainId" FROM sends s
  WHERE gas_for IS NOT NULL AND state = 'broadcasting'
    AND NOT EXISTS (SELECT FROM sends e WHERE e.wallet_id = s.wallet_id AND e.chain_id = s.chain_id
                      AND e.state = 'broadcasting' AND e.nonce < s.nonce)
    AND NOT EXISTS (SELECT FROM send_versions v WHERE v.send_id = s.id AND v.created_at > $1)`;

/** The rows of payments and of the sends that they are for. */
@Injectable()
export class GasRepository {
  /** Other sends of a wallet that wait for gas, got it in the last day or get it, and all that may have reserved it in that day. */
  async listReserved(
    tx: EntityManager,
    { walletId, chainId, id }: Pick<SendEntity, 'walletId' | 'chainId' | 'id'>,
    now: Date,
  ): Promise<readonly SendWithReservedGas[]> {
    return rows<SendWithReservedGas>(
      tx,
      `SELECT * FROM (
         SELECT s.id, s.state, s.application_id AS "applicationId", s.gas, s.created_at,
           s.state = 'waiting' OR coalesce(t.state IN ('broadcasting', 'mined', 'final') AND t.created_at > $4::timestamptz - interval '1 day', false) AS "isAdded",
           coalesce(t.state IN ('broadcasting', 'mined') OR t.state = 'final' AND t.looked_at > $4::timestamptz - interval '1 minute', false) AS "isComing"
         FROM sends s LEFT JOIN sends t ON t.gas_for = s.id
         WHERE s.wallet_id = $1 AND s.chain_id = $2 AND s.gas IS NOT NULL AND s.id <> $3) r
       WHERE "isAdded" OR "isComing" OR created_at > $4::timestamptz - make_interval(days => $5)`,
      [walletId, chainId, id, now, COUNTED_DAYS],
    );
  }

  /** Whether the payment for a send failed. */
  async hasFailed(tx: EntityManager, sendId: string): Promise<boolean> {
    return tx.existsBy(SendEntity, { gasFor: sendId, state: In(['failed', 'not-sent', 'replaced']) });
  }

  /** Null if the send does not wait for gas, or has a payment. */
  async findUnpaid(manager: EntityManager, sendId: string): Promise<UnpaidSend | null> {
    return firstRow<UnpaidSend>(manager, UNPAID, [sendId]);
  }

  /** Locked until the transaction ends. */
  async lock(tx: EntityManager, id: string): Promise<SendEntity | null> {
    return tx.findOne(SendEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Those whose newest version was signed before an instant. */
  async listFirst(manager: EntityManager, before: Date): Promise<readonly FirstPayment[]> {
    return rows<FirstPayment>(manager, FIRST_PAYMENTS, [before]);
  }

  /**
   * Deletes ended payments for sends of a user who is erased, since their recipients are the wallets of this person. Locks the others:
   * one that ends meanwhile is deleted by `deleteIfErased`, which finds the sends erased.
   */
  async deletePaidFor(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(
      `SELECT 1 FROM sends t JOIN sends s ON s.id = t.gas_for JOIN wallets w ON w.id = s.wallet_id
       WHERE w.user_id = $1 ORDER BY t.id FOR UPDATE OF t`,
      [userId],
    );
    await tx.query(
      `DELETE FROM sends t USING sends s JOIN wallets w ON w.id = s.wallet_id
       WHERE t.gas_for = s.id AND w.user_id = $1 AND t.state NOT IN ('broadcasting', 'mined')`,
      [userId],
    );
  }

  /** Deletes an ended payment whose send was erased before. */
  async deleteIfErased(tx: EntityManager, id: string): Promise<void> {
    await tx.query(
      `DELETE FROM sends t WHERE id = $1 AND state NOT IN ('broadcasting', 'mined')
         AND NOT EXISTS (SELECT FROM sends s WHERE s.id = t.gas_for)`,
      [id],
    );
  }
}
