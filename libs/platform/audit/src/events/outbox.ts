import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import type { EventData, PublicEvent } from './event';
import { EventsRepository, type EventRow } from './events.repository';

export interface NewEvent<E extends PublicEvent = PublicEvent> {
  readonly data: EventData<E>;
  /** The applications that receive the event; `null` for an event of the installation. */
  readonly applicationIds: readonly string[] | null;
}

export interface EventReceiver {
  isWanted(tx: EntityManager, event: PublicEvent): Promise<boolean>;
  /** Runs in the transaction of the events, after they are written. */
  receive(tx: EntityManager, occurredAt: Date, eventIds: readonly string[]): Promise<void>;
}

/** Writes events inside the transaction that makes the change. Without a receiver, `add` writes none. */
@Injectable()
export class Outbox {
  private receiver: EventReceiver | null = null;

  constructor(
    private readonly repository: EventsRepository,
    private readonly clock: Clock,
  ) {}

  deliverBy(receiver: EventReceiver): void {
    this.receiver = receiver;
  }

  /** For callers that need a statement to compute the data of the event. */
  async isWanted(tx: EntityManager, event: PublicEvent): Promise<boolean> {
    return (await this.receiver?.isWanted(tx, event)) === true;
  }

  async add<E extends PublicEvent>(
    tx: EntityManager,
    event: E,
    added: readonly NewEvent<E>[],
  ): Promise<void> {
    if (added.length > 0 && (await this.isWanted(tx, event))) await this.write(tx, event, added);
  }

  /** Writes events, whether or not a receiver wants their type. @returns their ids */
  async write<E extends PublicEvent>(
    tx: EntityManager,
    event: E,
    added: readonly NewEvent<E>[],
  ): Promise<readonly string[]> {
    const now = this.clock.now();
    const rows = added.map((each) => rowOf(event, each, now));
    const ids = rows.map(({ id }) => id);
    await this.repository.insert(tx, now, rows);
    await this.receiver?.receive(tx, now, ids);
    return ids;
  }
}

function rowOf(
  { name: type, orderedBy }: PublicEvent,
  { data, applicationIds }: NewEvent,
  now: Date,
): EventRow {
  const known: Readonly<Record<string, unknown>> = data;
  const id = uuidv7({ msecs: now.getTime() });
  const subject = orderedBy === null ? id : known[orderedBy];
  if (typeof subject !== 'string') throw new Error(`an event ${type} has nothing to be ordered by`);
  return {
    id,
    type,
    subject,
    applicationIds: applicationIds && [...applicationIds],
    data: { ...(data as EventRow['data']) },
  };
}
