import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from './test-database';

/** A ledger of erasures that is empty at first. */
export interface TestLedger {
  readonly url: string;
  drop(): Promise<void>;
}

/** In a folder of its own. */
export function aFileLedger(): Promise<TestLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
  return Promise.resolve({
    url: `file:${join(folder, 'erasures.ledger')}`,
    drop: () => rm(folder, { recursive: true }),
  });
}

/** In a database of its own. The tests have one cluster, which only production refuses. */
export async function aPostgresLedger(): Promise<TestLedger> {
  const database = await createTestDatabase({ isEmpty: true });
  return { url: database.directUrl, drop: () => database.drop() };
}
