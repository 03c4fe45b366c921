export { readDatabaseUrl, readLedgerSettings } from '@countersign/config';
export { dropUnused, migrate } from '@countersign/database';
export { createLedger } from '@countersign/ledger';
