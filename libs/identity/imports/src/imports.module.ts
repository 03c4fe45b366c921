import { Module } from '@nestjs/common';
import { UsersModule } from '@countersign/users';
import { importEvents, ImportsService } from './imports.service';

@Module({ imports: [UsersModule], providers: [ImportsService], exports: [ImportsService] })
export class ImportsModule {
  static readonly defines = { events: importEvents };
}
