import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { declarationOf, type EventData, type EventType } from './acts';
import { EventSubscriptions } from './event-subscriptions';
import { EventsRepository, type EventRow } from './events.repository';

/** An event to be delivered. */
export interface NewEvent<T extends EventType = EventType> {
  readonly data: EventData<T>;
  /** The applications that it concerns; `null` when it concerns the installation. */
  readonly applicationIds: readonly string[] | null;
}

/** An event as it was written. */
export interface WrittenEvent {
  readonly id: string;
  readonly type: EventType;
  readonly subject: string;
  readonly occurredAt: Date;
  readonly sequence: string;
}

/** Writes events inside the transaction of what they tell. */
@Injectable()
export class Outbox {
  private added: () => void = () => undefined;

  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly repository: EventsRepository,
    private readonly clock: Clock,
  ) {}

  /** Registers a listener for events of this process. It is called before they are committed. */
  onAdded(listener: () => void): void {
    this.added = listener;
  }

  /** Whether any subscriber asks for the type: for callers that need a statement to know what to tell. */
  async isWanted(tx: EntityManager, type: EventType): Promise<boolean> {
    return (await this.subscriptions.types(tx)).has(type);
  }

  /** Writes events, in their order, if any subscriber asks for their type. */
  async add<T extends EventType>(tx: EntityManager, type: T, events: readonly NewEvent<T>[]): Promise<void> {
    if (events.length === 0 || !(await this.isWanted(tx, type))) return;
    const now = this.clock.now();
    await this.repository.insert(
      tx,
      now,
      events.map((event) => rowOf(type, event, now)),
    );
    this.added();
  }

  /** Writes an event without a subscriber: for a caller that delivers it itself. */
  async addUnasked<T extends EventType>(
    tx: EntityManager,
    type: T,
    event: NewEvent<T>,
  ): Promise<WrittenEvent> {
    const occurredAt = this.clock.now();
    const row = rowOf(type, event, occurredAt);
    const sequence = await this.repository.insertOne(tx, occurredAt, row);
    this.added();
    return { id: row.id, type, subject: row.subject, occurredAt, sequence };
  }
}

/** @param now the milliseconds of the id: where only the id is known, it says when to look. */
function rowOf<T extends EventType>(type: T, { data, applicationIds }: NewEvent<T>, now: Date): EventRow {
  const known: Readonly<Record<string, string | undefined>> = data;
  const id = uuidv7({ msecs: now.getTime() });
  const { orderedBy } = declarationOf(type);
  const subject = orderedBy === null ? id : known[orderedBy];
  if (subject === undefined) throw new Error(`an event ${type} has nothing to be ordered by`);
  return {
    id,
    type,
    subject,
    applicationIds: applicationIds && [...applicationIds],
    data: { ...data },
  };
}
