export { readDatabaseUrl, readLedgerSettings } from '@countersign/runtime';
export { dropUnused, migrate } from '@countersign/database';
export { createLedger } from '@countersign/ledger';
