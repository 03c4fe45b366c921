import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

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
    folder = mkdtempSync(join(IN_MEMORY, 'countersign-'));
    // As root, PostgreSQL runs as another user, who must be able to enter this folder.
    chmodSync(folder, 0o755);
    // In a file: in the folder's name it would be too long for PostgreSQL's socket.
    writeFileSync(join(folder, 'owner'), `${process.pid} ${namespace()}`);
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

/**
 * Removes the folders of processes that were killed. A folder stays while there is a process with its owner's id, or one that
 * has it as TMPDIR: the tests outlive the script that started them.
 *
 * @param {string} parent
 */
function removeLeftovers(parent) {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const used = processes.flatMap(
    (pid) => /(?<=(?:^|\0)TMPDIR=)[^\0]*/.exec(readText(`/proc/${pid}/environ`)) ?? [],
  );
  for (const name of readdirSync(parent).filter((each) => each.startsWith('countersign-'))) {
    const folder = join(parent, name);
    const [pid, of] = readText(join(folder, 'owner')).split(' ');
    // Ids of another namespace, such as that of another container, say nothing here.
    if (of !== namespace() || processes.includes(pid) || used.includes(folder)) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another user.
    }
  }
}

function namespace() {
  return readlinkSync('/proc/self/ns/pid');
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
