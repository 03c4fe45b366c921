import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { ErasureLedger, NoLedger } from './erasure-ledger';
import { FileLedger } from './file-ledger';
import { PostgresLedger } from './postgres-ledger.repository';

/** The ledger that `ERASURE_LEDGER` names. */
export function ledgerOf({
  erasureLedger,
  patience,
}: Pick<Configuration, 'erasureLedger' | 'patience'>): ErasureLedger {
  if (erasureLedger === null) return new NoLedger();
  if (erasureLedger.startsWith('file:')) return new FileLedger(erasureLedger.slice('file:'.length));
  return new PostgresLedger(erasureLedger, patience);
}

@Global()
@Module({
  providers: [{ provide: ErasureLedger, inject: [Configuration], useFactory: ledgerOf }],
  exports: [ErasureLedger],
})
export class LedgerModule implements OnApplicationShutdown {
  constructor(@Inject(ErasureLedger) private readonly ledger: ErasureLedger) {}

  async onApplicationShutdown(): Promise<void> {
    await this.ledger.close();
  }
}
