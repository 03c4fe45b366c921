export {
  ErasureLedger,
  isOpenRequest,
  NoLedger,
  type LedgerEntry,
  type LedgerMark,
  type LedgerRequest,
} from './erasure-ledger';
export { FileLedger, LedgerFileError } from './file-ledger';
export { LedgerModule, ledgerOf } from './ledger.module';
export { PostgresLedger } from './postgres-ledger.repository';
