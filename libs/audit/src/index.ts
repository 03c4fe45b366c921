export { NamesPeople, type AuditNamesSource } from './audit-names';
export { AuditReader, MAX_EXAMINED, type AuditSearch } from './audit-reader';
export type { AuditRecord } from './audit-record.entity';
export { AuditModule } from './audit.module';
export { auditActions, AuditService, personActor, type AuditAction, type AuditEvent } from './audit.service';
export { AuditUpkeep } from './audit-upkeep';
export { actingAs, operator } from './operator';
