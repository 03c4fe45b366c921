import { once } from 'node:events';
import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { USER } from './address';
import { PrivatePostgresError, USE_ANOTHER } from './errors';
import { hasCode } from './has-code';
import { gaveUp, run, type Installation } from './programs';

/**
 * Refuses a data folder that these programs cannot read.
 *
 * @throws PrivatePostgresError when it was made by another major version or is no PostgreSQL data at all.
 */
export function checkVersion(dataFolder: string, version: string): void {
  const [wanted = ''] = version.split('.');
  const found = versionOf(dataFolder);
  if (found === null) {
    throw new PrivatePostgresError(
      `${dataFolder} is there but holds no PostgreSQL data: move it away, or ${USE_ANOTHER}.`,
    );
  }
  if (found !== wanted) {
    throw new PrivatePostgresError(
      `The data in ${dataFolder} was made by PostgreSQL ${found} and the installed programs are of ${wanted}: ` +
        `move that folder away to begin with an empty database, or set DATABASE_URL to a server of version ${found}.`,
    );
  }
}

function versionOf(dataFolder: string): string | null {
  try {
    return readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Creates a new cluster. It is built under a temporary name and renamed when it is complete, so that an
 * interrupted start leaves nothing that looks like data.
 *
 * @throws PrivatePostgresError when `initdb` fails, quoting it.
 */
export async function makeCluster(
  installation: Installation,
  dataFolder: string,
  options: { readonly password: string; readonly isDurable: boolean },
): Promise<void> {
  const draft = `${dataFolder}.new-${process.pid}`;
  const passwordFile = join(installation.folder, `password.new-${process.pid}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, options.password, { mode: 0o600 });
    handOver(installation, draft, passwordFile);
    const args = [
      `--pgdata=${draft}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      '--no-instructions',
    ];
    const child = await run(installation, 'initdb', [
      ...args,
      ...(options.isDurable ? [] : disposable(installation)),
    ]);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw gaveUp(installation, 'PostgreSQL could not make its data folder');
    renameSync(draft, dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A server that ends with its tests keeps no secret: its password costs a connection 3 ms less. Since PostgreSQL 16. */
function disposable({ binaries }: Installation): readonly string[] {
  const major = Number.parseInt(binaries.version, 10);
  return ['--no-sync', ...(major >= 16 ? ['--set=scram_iterations=1'] : [])];
}

function handOver({ account }: Installation, ...paths: string[]): void {
  if (account) for (const path of paths) chownSync(path, account.uid, account.gid);
}

/**
 * Removes the remains of interrupted starts. Only for the holder of the folder's lock; never touches a
 * cluster.
 */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/\.new-\d+$/.test(name)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // An orphaned initdb may still be writing there: the next start removes it.
    }
  }
}
