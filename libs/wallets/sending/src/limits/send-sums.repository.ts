import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { SendSumEntity } from './send-sum.entity';

/** The rows of what wallets send of assets that have limits. */
@Injectable()
export class SendSumsRepository {
  /** No other send adds to these sums until the transaction ends. */
  async lock(tx: EntityManager, ids: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT pg_advisory_xact_lock(key) FROM (
         SELECT hashtextextended('countersign/send-sums/' || id, 0) AS key FROM unnest($1::text[]) AS id ORDER BY key
       ) AS keys`,
      [ids],
    );
  }

  async find(manager: EntityManager, ids: readonly string[]): Promise<readonly SendSumEntity[]> {
    return ids.length === 0 ? [] : manager.findBy(SendSumEntity, { id: In(ids) });
  }

  async add(tx: EntityManager, { id, startsAt, amount }: SendSumEntity): Promise<void> {
    await tx.query(
      `INSERT INTO send_sums AS s (id, starts_at, amount) VALUES ($1, $2, $3)
       ON CONFLICT (id, starts_at) DO UPDATE SET amount = s.amount + excluded.amount`,
      [id, startsAt, amount],
    );
  }
}
