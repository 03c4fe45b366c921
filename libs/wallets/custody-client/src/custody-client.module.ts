import { Module } from '@nestjs/common';
import { AuditModule } from '@countersign/audit';
import { Configuration } from '@countersign/config';
import { CustodyClient } from './custody-client';
import { JournalSeal } from './journal/journal-seal';

@Module({
  imports: [AuditModule],
  providers: [
    {
      provide: CustodyClient,
      inject: [Configuration],
      useFactory: ({ custodySocket }: Configuration) => new CustodyClient(custodySocket),
    },
    JournalSeal,
  ],
  exports: [CustodyClient, JournalSeal],
})
export class CustodyClientModule {}
