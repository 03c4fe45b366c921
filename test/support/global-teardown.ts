import { rm } from 'node:fs/promises';
import { checkPooledFiles } from './statement-record';

export default async function tearDown(): Promise<void> {
  const { pooledRun, testPostgres } = globalThis;
  try {
    if (pooledRun) process.stderr.write(`\n${await pooledRun.end()}\n`);
    const record = process.env['TEST_STATEMENT_RECORD'];
    if (record) checkPooledFiles(record);
  } finally {
    await testPostgres?.stop();
    const folder = process.env['TEST_POSTGRES_FOLDER'];
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}
