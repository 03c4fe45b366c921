import { rm } from 'node:fs/promises';
import { checkPooledFiles, readRecord, type SentByFile } from './statement-record';
import { isPooled } from './test-server';

export default async function tearDown(): Promise<void> {
  const { pooledRun, servers } = globalThis.testRun;
  try {
    const record = process.env['TEST_STATEMENT_RECORD'];
    const sent = record ? readRecord(record) : [];
    if (pooledRun)
      process.stderr.write(`\n${await pooledRun.end({ isUsed: sent.some(isSentThroughPooler) })}\n`);
    checkPooledFiles(sent);
  } finally {
    await Promise.all(servers.map(({ postgres }) => postgres.stop()));
    await Promise.all(servers.map(({ folder }) => rm(folder, { recursive: true, force: true })));
  }
}

function isSentThroughPooler({ file, statements }: SentByFile): boolean {
  return isPooled(file) && statements.length > 0;
}
