import { mkdtempSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileLedger, PostgresLedger, type ErasureLedger } from '@countersign/ledger';
import { patience } from '../runner/patience.cjs';
import { createTestDatabase, type TestDatabase } from './test-database';

/** A ledger of erasures that is empty at first. */
export interface TestLedger {
  readonly url: string;
  /** To be closed. */
  open(): ErasureLedger;
  /** Another ledger with the same content. */
  copy(): Promise<TestLedger>;
  drop(): Promise<void>;
}

/** In a folder of its own. */
export function aFileLedger(): Promise<TestLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
  const path = join(folder, 'erasures.ledger');
  return Promise.resolve({
    url: `file:${path}`,
    open: () => new FileLedger(path),
    copy: async () => {
      const copied = await aFileLedger();
      await copyFile(path, copied.url.slice('file:'.length));
      return copied;
    },
    drop: () => rm(folder, { recursive: true }),
  });
}

/** In a database of its own. The tests have one cluster, which only production refuses. */
export async function aPostgresLedger(): Promise<TestLedger> {
  return ledgerIn(await createTestDatabase({ isEmpty: true }));
}

function ledgerIn(database: TestDatabase): TestLedger {
  return {
    url: database.directUrl,
    open: () => new PostgresLedger(database.directUrl, patience),
    copy: async () => ledgerIn(await database.copy()),
    drop: () => database.drop(),
  };
}
