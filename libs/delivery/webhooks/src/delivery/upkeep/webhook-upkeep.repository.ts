import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';

/** Parameters: the instant, the limit. The oldest first, by their index. */
const DELETE_DELIVERIES = `
  DELETE FROM webhook_deliveries WHERE (endpoint_id, sequence) IN (
    SELECT endpoint_id, sequence FROM webhook_deliveries WHERE occurred_at < $1::timestamptz
    ORDER BY occurred_at LIMIT $2::int
  ) RETURNING 1`;

const DELETE_ATTEMPTS = `
  DELETE FROM webhook_attempts WHERE id = ANY(ARRAY(
    SELECT id FROM webhook_attempts WHERE attempted_at < $1::timestamptz ORDER BY attempted_at LIMIT $2::int
  )) RETURNING 1`;

@Injectable()
export class WebhookUpkeepRepository {
  /** Deletes deliveries in all states of events before the instant. */
  async deleteDeliveries(tx: EntityManager, before: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_DELIVERIES, [before, limit])).length;
  }

  async deleteAttempts(tx: EntityManager, before: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_ATTEMPTS, [before, limit])).length;
  }
}
