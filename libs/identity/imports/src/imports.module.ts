import { Module } from '@nestjs/common';
import { UsersModule } from '@countersign/users';
import { ImportsService } from './imports.service';

@Module({ imports: [UsersModule], providers: [ImportsService], exports: [ImportsService] })
export class ImportsModule {}
