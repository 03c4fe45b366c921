import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseError } from 'pg';
import type { Configuration } from '@countersign/runtime';
import { LedgerRefusedError, reaching } from './ledger-store';
import { ask } from './postgres-ledger-store.repository';

export type LedgerSettings = Pick<Configuration, 'erasureLedger' | 'nodeEnv' | 'databaseDirectUrl'>;

const FORBIDDEN = '42501';
const CLUSTER = 'SELECT system_identifier::text AS id FROM pg_control_system()';

/** Both are null for a Unix socket. Debian's 127.0.1.1 appears as 127.0.0.1. `folder` needs `pg_read_all_settings`. */
const DATA_FOLDER = `
  SELECT (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS folder,
    inet_server_addr() IS NOT DISTINCT FROM inet_client_addr() OR inet_server_addr() << '127.0.0.0/8' AS "isHere"`;

/** In production, one loss or one restore must not hit both the database and its ledger. */
export async function assertApart({
  erasureLedger,
  nodeEnv,
  databaseDirectUrl,
}: LedgerSettings): Promise<void> {
  if (erasureLedger === null || nodeEnv !== 'production') return;
  if (erasureLedger.startsWith('file:'))
    await assertOtherDevice(fileURLToPath(erasureLedger), databaseDirectUrl);
  else if ((await reaching(() => clusterOf(erasureLedger))) === (await clusterOf(databaseDirectUrl)))
    throw new LedgerRefusedError(
      'ERASURE_LEDGER is in the same PostgreSQL cluster as DATABASE_URL, so that one restore takes both back: name a database in another cluster.',
    );
}

/** A database on another machine is always on another device. */
async function assertOtherDevice(path: string, databaseUrl: string): Promise<void> {
  const [database] = await ask<{ folder: string | null; isHere: boolean }>(databaseUrl, DATA_FOLDER);
  if (!database?.isHere) return;
  const data = await stat(database.folder ?? '').catch(() => null);
  if (!data)
    throw new LedgerRefusedError(
      'The device of the data of PostgreSQL is not known, and ERASURE_LEDGER must be on another one: as a superuser run GRANT pg_read_all_settings TO the role of DATABASE_URL, and let the user of the service enter the folders above the data.',
    );
  const ledger = await reaching(() => stat(path).catch(() => stat(dirname(path))));
  if (ledger?.dev === data.dev)
    throw new LedgerRefusedError(
      'ERASURE_LEDGER is on the same device as the data of PostgreSQL: name a file on another volume.',
    );
}

async function clusterOf(url: string): Promise<string | undefined> {
  try {
    return (await ask<{ id: string }>(url, CLUSTER))[0]?.id;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== FORBIDDEN) throw error;
    throw new LedgerRefusedError(
      'It is not known whether ERASURE_LEDGER and DATABASE_URL are in the same PostgreSQL cluster: as a superuser of each run GRANT EXECUTE ON FUNCTION pg_control_system() TO its role.',
    );
  }
}
