import { Module } from '@nestjs/common';
import { AuditModule } from '@countersign/audit';
import { UsersModule } from '@countersign/users';
import { ImportsService } from './imports.service';

@Module({ imports: [AuditModule, UsersModule], providers: [ImportsService], exports: [ImportsService] })
export class ImportsModule {}
