import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRecord } from './audit-record.entity';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';
import { AuditUpkeep } from './audit-upkeep';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRecord])],
  providers: [AuditRepository, AuditService, AuditUpkeep],
  exports: [AuditService, AuditUpkeep],
})
export class AuditModule {}
