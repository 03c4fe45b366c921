import { Injectable, Module } from '@nestjs/common';
import { Configuration, Metrics, within } from '@countersign/runtime';
import { GivesHealthHint } from '@countersign/database';
import { CustodyClient } from './custody-client';
import { JournalSeal } from './journal/journal-seal';
import { custodyEvents } from './custody-client.feature';

const TIMEOUT_MS = 500;

/** This is only a hint, because only acts with embedded wallets need custody. */
@Injectable()
@GivesHealthHint('custody')
class CustodyHint {
  constructor(private readonly custody: CustodyClient) {}

  get isInUse(): boolean {
    return this.custody.isConfigured;
  }

  healthHint(): Promise<string | null> {
    return within(TIMEOUT_MS, this.custody.health()).then(
      () => null,
      () => 'does not answer: acts with embedded wallets are refused',
    );
  }
}

@Module({
  providers: [
    { provide: CustodyClient, inject: [Configuration, Metrics], useFactory: observed },
    CustodyHint,
    JournalSeal,
  ],
  exports: [CustodyClient, JournalSeal],
})
export class CustodyClientModule {
  static readonly defines = { events: custodyEvents };
}

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
