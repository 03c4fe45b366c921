export {
  createLedger,
  ErasureLedger,
  LedgerModule,
  type LedgerDraft,
  type LedgerNumbers,
} from './erasure-ledger';
export { LedgerAwayError, LedgerRefusedError, type LedgerEntry } from './ledger-store';
