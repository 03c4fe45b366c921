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
