import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  const { pooledRun, testPostgres } = globalThis;
  try {
    if (pooledRun) process.stderr.write(`\n${await pooledRun.end()}\n`);
  } finally {
    await testPostgres?.stop();
    const folder = process.env['TEST_POSTGRES_FOLDER'];
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}
