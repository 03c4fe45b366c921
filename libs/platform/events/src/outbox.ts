import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { declarationOf, type EventData, type EventType } from './acts';
import { EventsRepository, type EventRow } from './events.repository';

export interface NewEvent<T extends EventType = EventType> {
  readonly data: EventData<T>;
  /** The applications that it concerns; `null` when it concerns the installation. */
  readonly applicationIds: readonly string[] | null;
}

export interface EventReceiver {
  isWanted(tx: EntityManager, type: EventType): Promise<boolean>;
  /** Called in the transaction of the events, once they are written. */
  receive(tx: EntityManager, occurredAt: Date, eventIds: readonly string[]): Promise<void>;
}

/** Writes events inside the transaction of what they tell. Without a receiver `add` writes none. */
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

  /** For callers that need a statement to know what to tell. */
  async isWanted(tx: EntityManager, type: EventType): Promise<boolean> {
    return (await this.receiver?.isWanted(tx, type)) === true;
  }

  /** Writes events, in their order, if anything asks for their type. */
  async add<T extends EventType>(tx: EntityManager, type: T, events: readonly NewEvent<T>[]): Promise<void> {
    if (events.length > 0 && (await this.isWanted(tx, type))) await this.write(tx, type, events);
  }

  /** Writes events, whether or not anything asks for their type. @returns their ids */
  async write<T extends EventType>(
    tx: EntityManager,
    type: T,
    events: readonly NewEvent<T>[],
  ): Promise<readonly string[]> {
    const now = this.clock.now();
    const rows = events.map((event) => rowOf(type, event, now));
    const ids = rows.map(({ id }) => id);
    await this.repository.insert(tx, now, rows);
    await this.receiver?.receive(tx, now, ids);
    return ids;
  }
}

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
