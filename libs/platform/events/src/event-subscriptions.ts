import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import type { EventType } from './acts';
import { EventSubscriptionEntity } from './event-subscription.entity';
import { EventsRepository } from './events.repository';

const CHANNEL = 'countersign_event_subscriptions_changed';
const FRESH_SECONDS = 30;
const ALL = 'all';

/** Which events a subscriber asks for. */
export interface EventSubscription {
  readonly subscriberId: string;
  readonly types: readonly EventType[];
  /** Events that concern one of them; `null` for all events. */
  readonly applicationIds: readonly string[] | null;
}

/**
 * Which events are asked for, in memory: where no event is asked for, nothing is written. A change reaches the other
 * replicas by a notification, so a new subscriber may miss the events of its first second.
 */
@Injectable()
export class EventSubscriptions {
  private readonly known: NotifiedCache<ReadonlySet<string>>;
  /** Transactions that see a change of their own, which may be rolled back: what they read is not cached. */
  private readonly changing = new WeakSet<EntityManager>();

  constructor(
    database: Database,
    notifications: Notifications,
    @InjectRepository(EventSubscriptionEntity)
    private readonly subscriptions: Repository<EventSubscriptionEntity>,
    private readonly repository: EventsRepository,
    clock: Clock,
  ) {
    this.known = new NotifiedCache(notifications, clock, {
      channel: CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: 1,
      read: () => database.read((manager) => this.readTypes(manager)),
    });
  }

  /** The types that are asked for, of some applications or all. */
  async types(tx: EntityManager): Promise<ReadonlySet<string>> {
    if (this.changing.has(tx)) return this.readTypes(tx);
    return (await this.known.getWithin(ALL, () => this.readTypes(tx))) ?? new Set();
  }

  async set(tx: EntityManager, { subscriberId, types, applicationIds }: EventSubscription): Promise<void> {
    this.changing.add(tx);
    await tx
      .withRepository(this.subscriptions)
      .upsert(
        { subscriberId, types: [...types], applicationIds: applicationIds && [...applicationIds] },
        { conflictPaths: ['subscriberId'] },
      );
  }

  /** Adds types to what a subscriber asks for, where it asks for any. */
  async widen(tx: EntityManager, subscriberId: string, types: readonly EventType[]): Promise<void> {
    this.changing.add(tx);
    await this.repository.addTypes(tx, subscriberId, types);
  }

  async remove(tx: EntityManager, subscriberId: string): Promise<void> {
    this.changing.add(tx);
    await tx.withRepository(this.subscriptions).delete({ subscriberId });
  }

  private async readTypes(manager: EntityManager): Promise<ReadonlySet<string>> {
    const found = await manager.withRepository(this.subscriptions).find({ select: { types: true } });
    return new Set(found.flatMap(({ types }) => types));
  }
}
