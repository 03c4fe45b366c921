/** What tests need to tamper with the trail as an attacker would. */
export { AuditRepository } from '../src/records/audit.repository';
export { hashOf, publicAuditKeyOf, signBlock, type AuditBlock } from '../src/seals/audit-block';
export { AuditBlocksRepository } from '../src/seals/audit-blocks.repository';
export { packLeaves, rootOf, unpackLeaves } from '../src/seals/block-leaves';
export { RecordMacs } from '../src/records/record-macs';
