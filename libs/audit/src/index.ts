export { AuditModule } from './audit.module';
export { auditActions, AuditService, personActor, type AuditAction, type AuditEvent } from './audit.service';
export { AuditUpkeep } from './audit-upkeep';
export { actingAs, operator } from './operator';
