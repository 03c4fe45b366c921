import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from '../report/statistics.mjs';

/** Of statfs(2). */
const TMPFS = 0x01021994;
/** Bytes of a page of PostgreSQL. */
const PAGE = 8192;
const WRITES = 200;

/** Where temporary files lie on a real disk, if there is one: forcing something to a memory disk costs nothing. */
export function folderOnDisk() {
  const folder = tmpdir();
  return isInMemory(folder) && !isInMemory('/var/tmp') ? '/var/tmp' : folder;
}

/** @returns the median time of writing a page and forcing it to disk, in milliseconds */
export function syncTimeOf(folder) {
  const file = join(folder, 'sync-probe');
  const handle = openSync(file, 'w');
  const times = [];
  try {
    const page = Buffer.alloc(PAGE, 1);
    for (let count = 0; count < WRITES; count += 1) {
      const start = performance.now();
      writeSync(handle, page, 0, PAGE, 0);
      fdatasyncSync(handle);
      times.push(performance.now() - start);
    }
  } finally {
    closeSync(handle);
    rmSync(file);
  }
  return median(times);
}

function isInMemory(folder) {
  try {
    return statfsSync(folder).type === TMPFS;
  } catch {
    return true;
  }
}
