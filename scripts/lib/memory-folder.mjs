import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';

/** What a whole run of the tests may take, with room to spare; bytes. A container often has 64 MiB there. */
const WANTED = 4 * 1024 ** 3;

/**
 * Runs `work` with a folder for temporary files that is kept in memory, and removes the folder afterwards. A test
 * database is 350 small files, which take 350 ms on some disks and 25 ms in memory. Without such a folder (another
 * system, too little room, programs may not run there, TMPDIR is set) `work` gets undefined.
 *
 * @template T
 * @param {(folder: string | undefined) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withMemoryFolder(work) {
  const folder = process.env.TMPDIR ? undefined : makeFolder();
  try {
    return await work(folder);
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder() {
  let folder;
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (bavail * bsize < WANTED) return undefined;
    folder = mkdtempSync(join(IN_MEMORY, 'countersign-'));
    // Tests run as root have a PostgreSQL of another user, which has to get there.
    chmodSync(folder, 0o755);
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    execFileSync(program);
    rmSync(program);
    return folder;
  } catch {
    if (folder) rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}
