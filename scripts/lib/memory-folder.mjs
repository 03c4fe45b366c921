import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnedFolder, removeLeftovers } from './owned-folders.mjs';

const IN_MEMORY = '/dev/shm';

/** A whole run of the tests needs less. A container often has 64 MiB there. */
const MIN_FREE_BYTES = 4 * 1024 ** 3;

/**
 * Runs `work` with a temporary folder in memory, and removes the folder afterwards; where the process is killed, the
 * next start does. Creating the 350 files of a test database takes 350 ms on some disks and 25 ms in memory. `work` gets
 * undefined when TMPDIR is set, or when `/dev/shm` is missing or mounted `noexec`, or when there is too little space in
 * it or too little memory.
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
    removeLeftovers(IN_MEMORY);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (Math.min(bavail * bsize, process.availableMemory()) < MIN_FREE_BYTES) return undefined;
    folder = makeOwnedFolder(IN_MEMORY);
    // As root, PostgreSQL runs as another user, who must be able to enter this folder.
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
