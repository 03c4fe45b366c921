import { randomInt, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, MINUTE, SECOND, Semaphore } from '@countersign/runtime';
import { Database, DatabaseClock, lockRow } from '@countersign/database';
import { findPublicEvent } from '@countersign/audit';
import { nextAttemptAfter, signWebhook, WebhookClient, type SendResult } from '@countersign/webhook-sender';
import { EndpointSwitch } from '../endpoint-switch';
import { WebhookEndpointEntity } from '../webhook.entity';
import {
  DeliveryRepository,
  type ClaimedRow,
  type DeliveryChange,
  type NewAttempt,
} from './delivery.repository';

const NOT_BY_THIS_REPLICA_MS = MINUTE;
const BUSY_MS = 2 * SECOND;
/** Limits the results that are written at once, because requests need the other connections of the pool. */
const MAX_RECORDING = 4;

const FRACTIONS = 2 ** 32;
const randomFraction = (): number => randomInt(FRACTIONS) / FRACTIONS;

type Recorded = Pick<DeliveryChange, 'state' | 'attempts'> & { readonly waitMs: number | null };

@Injectable()
export class DeliveryAttempts {
  private readonly recording = new Semaphore(MAX_RECORDING);

  constructor(
    private readonly client: WebhookClient,
    private readonly repository: DeliveryRepository,
    private readonly endpoints: EndpointSwitch,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
    private readonly database: Database,
  ) {}

  async deliver(row: ClaimedRow, keys: readonly KeyObject[]): Promise<void> {
    const { type, data, attempts } = row;
    if (data === null)
      return this.record(row, { state: 'failed', attempts: attempts - 1, waitMs: null }, null);
    // Either only a later version of the service knows the type, or no key can be opened.
    const event = findPublicEvent(type);
    if (keys.length === 0 || !event) return this.release(row, NOT_BY_THIS_REPLICA_MS);
    const attemptedAt = this.clock.now();
    const timestamp = row.occurredAt.toISOString();
    const body = JSON.stringify({
      type,
      version: event.version,
      sequence: Number(row.sequence),
      timestamp,
      data,
    });
    const headers = signWebhook(row.eventId, attemptedAt, body, keys);
    const result = await this.client.send({ url: row.url, headers, body });
    // Nothing was sent. If this replica is closing, another replica makes the attempt at once.
    if (result.kind === 'failed' && (result.reason === 'closed' || result.reason === 'busy'))
      return this.release(row, result.reason === 'busy' ? BUSY_MS : 0);
    const status = result.kind === 'answered' ? result.status : null;
    const outcome = outcomeOf(result);
    if (outcome === 'delivered')
      return this.record(row, { state: 'delivered', attempts, waitMs: null }, { outcome, status });
    const asked = result.kind === 'answered' ? result.retryAfterSeconds : null;
    const waitMs = nextAttemptAfter(attempts, asked, randomFraction);
    return this.record(
      row,
      { state: waitMs === null ? 'failed' : 'pending', attempts, waitMs },
      { outcome, status },
    );
  }

  private release(row: ClaimedRow, waitMs: number): Promise<void> {
    return this.record(row, { state: 'pending', attempts: row.attempts - 1, waitMs }, null);
  }

  private async record(
    row: ClaimedRow,
    { state, attempts, waitMs }: Recorded,
    attempt: NewAttempt | null,
  ): Promise<void> {
    const { endpointId, url } = row;
    const isGone = attempt?.outcome === 'gone';
    const isLast = attempt !== null && state === 'failed';
    return this.recording.run(async () => {
      const now = await this.databaseClock.now();
      const change = {
        state,
        attempts,
        dueAt: new Date(now.getTime() + (waitMs ?? 0)),
        finishedAt: state === 'pending' ? null : now,
      };
      await this.database.transaction(async (tx) => {
        // The endpoint is locked before the delivery, in the same order as in a replay.
        const where = { id: endpointId, status: 'active' } as const;
        const isActive = (isGone || isLast) && (await lockRow(tx, WebhookEndpointEntity, where)) !== null;
        const isRecorded = await this.repository.record(tx, row, change, attempt);
        // The endpoint is disabled only if it still has the URL that was called.
        if (isGone) await this.endpoints.disable(tx, endpointId, 'gone', 'system', url);
        else if (isRecorded && isActive && !(await this.repository.hasDeliveredLater(tx, row)))
          await this.endpoints.disable(tx, endpointId, 'failing', 'system', url);
      });
    });
  }
}

function outcomeOf(result: SendResult): string {
  if (result.kind === 'failed') return result.reason;
  const { status } = result;
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 410) return 'gone';
  return status >= 300 && status <= 399 ? 'redirected' : 'refused';
}
