export {
  declarationOf,
  eventFields,
  eventTypeNames,
  type EventData,
  type EventField,
  type EventType,
} from './catalogue';
export { eventSchema } from './event-schemas';
export { EventSubscriptions, type EventSubscription } from './event-subscriptions';
export { EventsModule } from './events.module';
export { EVENT_DAYS, EventsUpkeep } from './events-upkeep';
export { Outbox, type NewEvent, type WrittenEvent } from './outbox';
