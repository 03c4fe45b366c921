export { ErasureLedger, LedgerAwayError } from './erasure-ledger.repository';
export { LedgerModule } from './ledger.module';
