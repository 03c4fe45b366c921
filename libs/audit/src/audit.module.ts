import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '@countersign/events';
import { AuditNames } from './audit-names';
import { AuditPages } from './audit-pages.repository';
import { AuditReader } from './audit-reader';
import { AuditRecord } from './audit-record.entity';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';
import { RefusalJournal, RefusalTimer } from './refusals/refusal-journal';
import { RefusalUpkeep } from './refusals/refusal-upkeep';
import { RefusedRequestEntity } from './refusals/refused-request.entity';
import { RefusedRequests } from './refusals/refused-requests';
import { RefusedRequestsRepository } from './refusals/refused-requests.repository';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRecord, RefusedRequestEntity]), DiscoveryModule, EventsModule],
  providers: [
    AuditNames,
    AuditPages,
    AuditReader,
    AuditRepository,
    AuditService,
    AuditUpkeep,
    RefusalJournal,
    RefusalTimer,
    RefusalUpkeep,
    RefusedRequests,
    RefusedRequestsRepository,
  ],
  exports: [
    AuditReader,
    AuditService,
    AuditUpkeep,
    RefusalJournal,
    RefusalTimer,
    RefusalUpkeep,
    RefusedRequests,
  ],
})
export class AuditModule {}
