// Whole, so that other modules can add to its interfaces.
export * from './acts';
export { eventSchema } from './event-schemas';
export { EventsModule } from './events.module';
export { EVENT_DAYS, EventsUpkeep } from './events-upkeep';
export { Outbox, type EventReceiver, type NewEvent } from './outbox';
