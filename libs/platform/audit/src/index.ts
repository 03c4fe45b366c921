export { HasCodedRows, type CodedRow, type CodedRows } from './records/adopted-rows';
export { HasSealedJournal, type SealedJournal } from './trail/sealed-journals';
export { NewestRecords } from './reading/newest-records';
export { NamesPeople, type AuditNamesSource } from './reading/audit-names';
import './audit.feature';

export type { AuditBlock, BlockLine, PublicAuditKey } from './seals/audit-block';
export { hashOf, readPublicKeys, toLine, toPem } from './seals/audit-block';
export { AuditExport, type ExportLine } from './reading/audit-export';
export { auditProblems, type AuditVerdict, type JournalComparison } from './verification/audit-problem';
export { AuditSealer } from './seals/audit-sealer';
export { AuditSeals } from './seals/audit-seals';
export { AuditVerification } from './verification/audit-verification';
export { AuditVerifier, type LastVerification } from './verification/audit-verifier';
export { AuditWitness } from './trail/audit-witness';
export { readAnchors, type Anchors } from './verification/chain-check';
export type { TrailOrigin } from './trail/trail-origin';
export { verifyExport, type ExportVerdict } from './verification/verify-export';
export { AuditReader, MAX_EXAMINED, type AuditSearch } from './reading/audit-reader';
export type { StoredRecord as AuditRecord } from './records/audit-pages.repository';
export { AuditModule } from './audit.module';
// Whole, so that other modules can add to its interface.
export * from './audit-actions';
export { AuditService, personActor, type AuditEvent } from './audit.service';
export { RowCodes, type RowCode } from './records/row-codes';
export { AuditUpkeep } from './audit-upkeep';
export { actingAs, operator } from './operator';
