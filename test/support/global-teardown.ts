import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  await globalThis.testPostgres?.stop();
  const folder = process.env['TEST_POSTGRES_FOLDER'];
  if (folder) await rm(folder, { recursive: true, force: true });
}
