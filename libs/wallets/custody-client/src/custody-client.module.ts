import { Module } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { Metrics } from '@countersign/observability';
import { CustodyClient } from './custody-client';
import { CustodyHint } from './custody-hint';
import { JournalSeal } from './journal/journal-seal';

@Module({
  providers: [
    {
      provide: CustodyClient,
      inject: [Configuration, Metrics],
      useFactory: observed,
    },
    CustodyHint,
    JournalSeal,
  ],
  exports: [CustodyClient, JournalSeal],
})
export class CustodyClientModule {}

function observed({ custodySocket, patience }: Configuration, metrics: Metrics): CustodyClient {
  const observe = metrics.histogram(
    'countersign_custody_call_duration_seconds',
    'Calls of this replica to the custody process: answered, away, or why they were refused.',
    'call',
    'outcome',
  );
  const client = new CustodyClient(custodySocket, patience, observe);
  metrics.gauge(
    'countersign_custody_pending_calls',
    'Calls of this replica that the custody process has not answered yet.',
    () => client.pendingCalls,
  );
  return client;
}
