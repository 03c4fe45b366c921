// Whole, so that other modules can add to its interfaces.
export * from './acts';
export { eventSchema } from './event-schemas';
export { EventSubscriptions, type EventSubscription } from './event-subscriptions';
export { EventsModule } from './events.module';
export { EVENT_DAYS, EventsUpkeep } from './events-upkeep';
export { Outbox, type NewEvent, type WrittenEvent } from './outbox';
