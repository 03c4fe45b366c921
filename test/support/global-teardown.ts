import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  const { pooledRun, servers } = globalThis.testRun;
  try {
    if (pooledRun) process.stderr.write(`\n${await pooledRun.end()}\n`);
  } finally {
    await Promise.all(servers.map(({ postgres }) => postgres.stop()));
    await Promise.all(servers.map(({ folder }) => rm(folder, { recursive: true, force: true })));
  }
}
