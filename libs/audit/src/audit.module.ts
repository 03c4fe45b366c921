import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditNames } from './audit-names';
import { AuditPages } from './audit-pages.repository';
import { AuditReader } from './audit-reader';
import { AuditRecord } from './audit-record.entity';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRecord]), DiscoveryModule],
  providers: [AuditNames, AuditPages, AuditReader, AuditRepository, AuditService, AuditUpkeep],
  exports: [AuditReader, AuditService, AuditUpkeep],
})
export class AuditModule {}
