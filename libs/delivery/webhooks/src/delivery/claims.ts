import { Injectable } from '@nestjs/common';
import { v4 as uuidv4 } from 'uuid';
import { plusSeconds, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, DatabaseClock } from '@countersign/database';
import type { SigningKey } from '@countersign/webhook-sender';
import { DeliveryRepository, type EndpointRow, type PendingRow } from './delivery.repository';
import { SigningKeys } from './signing-keys';

/** Attempts begin within this time of their claim: an endpoint's URL and secrets are read per claim. */
const USABLE_MS = 5_000;
/** Longer than `USABLE_MS`, the deadline of an attempt (15 s), and the recording together. */
const LEASE_SECONDS = 40;

/** Deliveries of one claim. */
const MAX_ROWS = 1_024;
const MAX_ROWS_OF_SUBJECT = 64;
const MIN_ROWS_OF_SUBJECT = 2;
/** Deliveries that this process has in memory, of all endpoints. */
const MAX_ROWS_IN_MEMORY = 16_384;

/** The pending deliveries of one subject, claimed by this replica. */
export interface ClaimedQueue {
  readonly endpointId: string;
  readonly subject: string;
  readonly lease: string;
  readonly leaseExpiresAt: Date;
  /** Now, by the clock of the database. */
  readonly now: () => Date;
  /** By `performance.now()`. */
  readonly usableUntil: number;
  readonly endpoint: EndpointRow;
  readonly keys: readonly SigningKey[];
  /** In their order. */
  readonly rows: readonly PendingRow[];
  /** Whether there may be more deliveries than `rows`. */
  readonly isCutOff: boolean;
}

/** Claims deliveries, one endpoint at a time, so that it takes one connection of the pool. */
@Injectable()
export class Claims {
  private readonly turns = new Semaphore(1);
  private rowsInMemory = 0;
  private readonly patience: number;

  constructor(
    private readonly database: Database,
    private readonly repository: DeliveryRepository,
    private readonly signingKeys: SigningKeys,
    private readonly clock: DatabaseClock,
    { patience }: Configuration,
  ) {
    this.patience = patience;
  }

  /**
   * Claims queues of an endpoint that are due; none of one that is disabled or paused, or when memory is short.
   * @param claimed how many the endpoint has: one that has none gets some in any case
   */
  async take(endpointId: string, limit: number, claimed: number): Promise<readonly ClaimedQueue[]> {
    return this.turns.run(async () => {
      const isShort = this.rowsInMemory > MAX_ROWS_IN_MEMORY;
      return isShort && claimed > 0 ? [] : this.claim(endpointId, isShort ? 1 : limit);
    });
  }

  /** Call it when the deliveries of a queue are no longer in memory. */
  forget({ rows }: ClaimedQueue): void {
    this.rowsInMemory -= rows.length;
  }

  private async claim(endpointId: string, limit: number): Promise<readonly ClaimedQueue[]> {
    const now = await this.clock.now();
    const lease = uuidv4();
    const leaseExpiresAt = plusSeconds(now, LEASE_SECONDS * this.patience);
    const began = performance.now();
    const usableUntil = began + USABLE_MS * this.patience;
    const found = await this.database.transaction(async (tx) => {
      const endpoint = await this.repository.endpoint(tx, endpointId, now);
      if (endpoint === null) return null;
      const secrets = await this.repository.secrets(tx, endpointId, now);
      const wanted = { endpointId, now, limit, lease, expiresAt: leaseExpiresAt };
      const subjects = await this.repository.claim(tx, wanted);
      if (subjects.length === 0) return null;
      const ofEach = rowsOfEach(subjects.length);
      const pending = await this.repository.pending(tx, endpointId, subjects, ofEach);
      return { endpoint, secrets, subjects, ofEach, pending };
    });
    if (found === null) return [];
    const { endpoint, secrets, subjects, ofEach, pending } = found;
    const keys = this.signingKeys.open(secrets);
    this.rowsInMemory += pending.length;
    const claim = {
      endpointId,
      lease,
      leaseExpiresAt,
      now: () => new Date(now.getTime() + performance.now() - began),
      usableUntil,
      endpoint,
      keys,
    };
    const bySubject = new Map(subjects.map((subject): [string, PendingRow[]] => [subject, []]));
    for (const row of pending) bySubject.get(row.subject)?.push(row);
    return [...bySubject].map(([subject, rows]) => {
      return { ...claim, subject, rows, isCutOff: rows.length === ofEach };
    });
  }
}

function rowsOfEach(subjects: number): number {
  const even = Math.floor(MAX_ROWS / subjects);
  return Math.max(MIN_ROWS_OF_SUBJECT, Math.min(even, MAX_ROWS_OF_SUBJECT));
}
