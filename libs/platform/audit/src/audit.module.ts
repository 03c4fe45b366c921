import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';
import { AuditBlockEntity } from './blocks/audit-block.entity';
import { AuditBlocksRepository } from './blocks/audit-blocks.repository';
import { AuditSigner } from './blocks/audit-signer';
import { AuditVerifier } from './blocks/audit-verifier';
import { DailyCounterEntity } from './counters/daily-counter.entity';
import { DailyCounters } from './counters/daily-counters';
import { DailyCountersRepository } from './counters/daily-counters.repository';
import { AuditReader } from './reading/audit-reader';
import { AuditRepository } from './records/audit.repository';
import { AuditRecord } from './records/audit-record.entity';
import { auditEvents } from './audit.feature';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([AuditBlockEntity, AuditRecord, DailyCounterEntity]), DiscoveryModule],
  providers: [
    AuditBlocksRepository,
    AuditReader,
    AuditRepository,
    AuditService,
    AuditSigner,
    AuditUpkeep,
    AuditVerifier,
    DailyCounters,
    DailyCountersRepository,
  ],
  exports: [AuditReader, AuditService, AuditSigner, AuditUpkeep, AuditVerifier, DailyCounters],
})
export class AuditModule {
  static readonly defines = { events: auditEvents };
}
