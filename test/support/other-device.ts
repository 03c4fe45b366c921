import { mkdtempSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CANDIDATES = ['/dev/shm', '/var/tmp', homedir(), '/run'];

/** A new folder on another device than a folder. */
export function folderApartFrom(folder: string): string {
  const { dev } = statSync(folder);
  const parent = CANDIDATES.find((each) => statSync(each, { throwIfNoEntry: false })?.dev !== dev);
  if (parent === undefined) throw new Error(`${CANDIDATES.join(', ')} are on the device of ${folder}`);
  return mkdtempSync(join(parent, 'countersign-ledger-'));
}
