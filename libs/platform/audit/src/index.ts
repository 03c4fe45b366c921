export { auditFields } from './audit.feature';

export { blocksIn, hashOf, type AuditBlock } from './blocks/audit-block';
export { AuditSigner } from './blocks/audit-signer';
export { AuditVerifier, type AuditVerdict } from './blocks/audit-verifier';
export {
  AuditReader,
  MAX_EXAMINED,
  NamesPeople,
  type AuditNamesSource,
  type AuditSearch,
} from './reading/audit-reader';
export { AuditModule } from './audit.module';
export { AuditService, personActor, type AuditRecord, type EventRecord } from './audit.service';
export { AuditUpkeep } from './audit-upkeep';
export { DailyCounters } from './counters/daily-counters';
export { actingAs, actingOperator, operator } from './operator';
export {
  auditActions,
  commonFields,
  defineEvents,
  eventsInUse,
  findPublicEvent,
  isPublic,
  listOfPublicNames,
  publicEventNames,
  publicEvents,
  type AuditedEvent,
  type EventData,
  type EventFields,
  type PublicEvent,
} from './events/event';
export { eventSchema } from './events/event-schemas';
export { EventsModule } from './events/events.module';
export { EVENT_DAYS, EventsUpkeep } from './events/events-upkeep';
export { Outbox, type EventReceiver, type NewEvent } from './events/outbox';
