export { ErasureLedger, NoLedger, type LedgerEntry, type LedgerMark } from './erasure-ledger';
export { FileLedger, LedgerFileError } from './file-ledger';
export { LedgerModule, ledgerOf } from './ledger.module';
export { PostgresLedger } from './postgres-ledger.repository';
