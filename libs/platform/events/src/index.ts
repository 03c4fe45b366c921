export {
  auditActions,
  commonFields,
  defineEvents,
  findPublicEvent,
  isPublic,
  listOfPublicNames,
  publicEventNames,
  publicEvents,
  type AuditedEvent,
  type EventData,
  type EventFields,
  type PublicEvent,
} from './event';
export { eventSchema } from './event-schemas';
export { EventsModule } from './events.module';
export { EVENT_DAYS, EventsUpkeep } from './events-upkeep';
export { Outbox, type EventReceiver, type NewEvent } from './outbox';
