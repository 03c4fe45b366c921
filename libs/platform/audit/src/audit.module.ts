import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '@countersign/events';
import { AdoptedRows } from './records/adopted-rows';
import { AuditNames } from './reading/audit-names';
import { AuditPages } from './records/audit-pages.repository';
import { AuditReader } from './reading/audit-reader';
import { AuditRecord } from './records/audit-record.entity';
import { AuditRepository } from './records/audit.repository';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';
import { RowCodes } from './records/row-codes';
import { AuditBlockEntity } from './seals/audit-block.entity';
import { AuditBlocksRepository } from './seals/audit-blocks.repository';
import { AuditDaysRepository } from './seals/audit-days.repository';
import { AuditExport } from './reading/audit-export';
import { AuditKeys } from './seals/audit-keys';
import { AuditSealer } from './seals/audit-sealer';
import {
  AuditAdoptionEntity,
  AuditBlockLeavesEntity,
  AuditDayEntity,
  AuditKeyEntity,
  AuditRetentionEntity,
} from './seals/audit-sealing.entities';
import { AuditSeals } from './seals/audit-seals';
import { AuditVerification } from './verification/audit-verification';
import { AuditVerifier } from './verification/audit-verifier';
import { AuditWitness } from './trail/audit-witness';
import { BlockMaker } from './seals/block-maker';
import { UnlistedRecords } from './seals/unlisted-records';
import { TrailAdoption } from './trail/trail-adoption';
import { TrailEnds } from './trail/trail-ends';
import { GrantingRows } from './verification/granting-rows';
import { RecordMacs } from './records/record-macs';
import { TransactionRecordsRepository } from './seals/transaction-records.repository';
import { NewestRecords } from './reading/newest-records';
import { SealedJournals } from './trail/sealed-journals';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      AuditAdoptionEntity,
      AuditBlockEntity,
      AuditBlockLeavesEntity,
      AuditDayEntity,
      AuditKeyEntity,
      AuditRecord,
      AuditRetentionEntity,
    ]),
    DiscoveryModule,
    EventsModule,
  ],
  providers: [
    AdoptedRows,
    AuditBlocksRepository,
    AuditDaysRepository,
    AuditExport,
    AuditKeys,
    AuditNames,
    AuditPages,
    AuditReader,
    AuditRepository,
    AuditSealer,
    AuditSeals,
    AuditService,
    AuditUpkeep,
    AuditVerification,
    AuditVerifier,
    AuditWitness,
    BlockMaker,
    GrantingRows,
    NewestRecords,
    RecordMacs,
    RowCodes,
    SealedJournals,
    TrailAdoption,
    TrailEnds,
    TransactionRecordsRepository,
    UnlistedRecords,
  ],
  exports: [
    AuditExport,
    AuditReader,
    AuditSealer,
    AuditSeals,
    AuditService,
    AuditUpkeep,
    AuditVerification,
    AuditVerifier,
    AuditWitness,
    NewestRecords,
    RowCodes,
  ],
})
export class AuditModule {}
