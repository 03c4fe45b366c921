export { createLedger, ErasureLedger, type LedgerDraft } from './erasure-ledger';
export { LedgerModule } from './ledger.module';
export { LedgerAwayError, LedgerRefusedError, type LedgerEntry } from './ledger-store';
