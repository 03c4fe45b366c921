export { ErasureLedger, type LedgerDraft } from './erasure-ledger';
export { LedgerModule } from './ledger.module';
export { LedgerAwayError, type LedgerEntry } from './ledger-store';
