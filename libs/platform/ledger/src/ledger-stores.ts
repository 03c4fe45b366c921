import { fileURLToPath } from 'node:url';
import type { Configuration } from '@countersign/config';
import { FileLedgerStore } from './file-ledger-store';
import { assertOtherCluster, assertOtherDevice } from './ledger-separation.repository';
import type { LedgerStore } from './ledger-store';
import { PostgresLedgerStore } from './postgres-ledger-store.repository';

type Settings = Pick<Configuration, 'erasureLedger' | 'nodeEnv' | 'databaseDirectUrl'>;

/** @param warn gets a sentence about a file whose content is damaged */
export function ledgerStoreOf(
  { erasureLedger, patience }: Pick<Configuration, 'erasureLedger' | 'patience'>,
  warn: (message: string) => void,
): LedgerStore | null {
  if (erasureLedger === null) return null;
  return isFile(erasureLedger)
    ? new FileLedgerStore(fileURLToPath(erasureLedger), warn)
    : new PostgresLedgerStore(erasureLedger, patience);
}

/**
 * In production one loss, or one restore, must not take both the database and its ledger.
 * @throws LedgerRefusedError, LedgerAwayError
 */
export async function assertApart({ erasureLedger, nodeEnv, databaseDirectUrl }: Settings): Promise<void> {
  if (erasureLedger === null || nodeEnv !== 'production') return;
  if (isFile(erasureLedger)) await assertOtherDevice(fileURLToPath(erasureLedger), databaseDirectUrl);
  else await assertOtherCluster(erasureLedger, databaseDirectUrl);
}

/** Makes the ledger, unless it is there. @throws LedgerRefusedError, LedgerAwayError */
export async function createLedger(settings: Settings): Promise<void> {
  await assertApart(settings);
  const store = ledgerStoreOf({ ...settings, patience: 1 }, () => undefined);
  try {
    await store?.create();
  } finally {
    await store?.close();
  }
}

function isFile(url: string): boolean {
  return url.startsWith('file:');
}
