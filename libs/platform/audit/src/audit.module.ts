import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '@countersign/events';
import { AdoptedRows } from './adopted-rows';
import { AuditNames } from './audit-names';
import { AuditPages } from './audit-pages.repository';
import { AuditReader } from './audit-reader';
import { AuditRecord } from './audit-record.entity';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';
import { RowCodes } from './row-codes';
import { AuditBlockEntity } from './seals/audit-block.entity';
import { AuditBlocksRepository } from './seals/audit-blocks.repository';
import { AuditDaysRepository } from './seals/audit-days.repository';
import { AuditExport } from './seals/audit-export';
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
import { AuditVerification } from './seals/audit-verification';
import { AuditVerifier } from './seals/audit-verifier';
import { AuditWitness } from './seals/audit-witness';
import { BlockMaker } from './seals/block-maker';
import { UnlistedRecords } from './seals/unlisted-records';
import { TrailAdoption } from './seals/trail-adoption';
import { TrailEnds } from './seals/trail-ends';
import { GrantingRows } from './seals/granting-rows';
import { RecordMacs } from './seals/record-macs';
import { TransactionRecordsRepository } from './seals/transaction-records.repository';
import { RefusalJournal, RefusalTimer } from './refusals/refusal-journal';
import { RefusalUpkeep } from './refusals/refusal-upkeep';
import { RefusedRequestEntity } from './refusals/refused-request.entity';
import { RefusedRequests } from './refusals/refused-requests';
import { RefusedRequestsRepository } from './refusals/refused-requests.repository';

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
      RefusedRequestEntity,
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
    RecordMacs,
    RefusalJournal,
    RefusalTimer,
    RefusalUpkeep,
    RefusedRequests,
    RefusedRequestsRepository,
    RowCodes,
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
    RefusalJournal,
    RefusalTimer,
    RefusalUpkeep,
    RefusedRequests,
    RowCodes,
  ],
})
export class AuditModule {}
