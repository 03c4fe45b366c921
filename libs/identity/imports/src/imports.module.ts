import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { UsersModule } from '@countersign/users';
import { ImportedIdentityEntity, ImportEntity } from './import.entity';
import { ImportUndoing } from './import-undoing';
import { ImportsRepository } from './imports.repository';
import { ImportsService } from './imports.service';

@Module({
  imports: [TypeOrmModule.forFeature([ImportEntity, ImportedIdentityEntity]), AuditModule, UsersModule],
  providers: [ImportsRepository, ImportsService, ImportUndoing],
  exports: [ImportsService, ImportUndoing],
})
export class ImportsModule {}
