import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endWithUs } from './end-with-us';
import { asSentence, PrivatePostgresError } from './errors';
import { lockFolder } from './folder-lock';
import { prepareFolder, writePrivately } from './folders';
import { freePort, isFree } from './free-port';
import { Programs } from './programs';

/** `durable`: committed data survives crashes. `disposable`: nothing is synced to disk, for tests. */
export type Durability = 'durable' | 'disposable';

export interface PrivatePostgresOptions {
  /** Contains the data, the log, the URL, and a possible copy of the programs. It is made if necessary. */
  readonly baseDirectory: string;
  readonly durability: Durability;
  readonly log: (line: string) => void;
  /** A folder with `bin`, such as Debian's, in place of the installed package. */
  readonly programs?: string;
}

export interface PrivatePostgres {
  /** The URL contains the password. Do not log it. */
  readonly url: string;
  readonly port: number;
  /** Stops the server and waits for its end. Repeated calls wait for the same end. */
  readonly stop: () => Promise<void>;
}

const NAME = 'countersign';
/** In seconds. A start includes recovery after a crash. */
const START_LIMIT = '300';
const STOP_LIMIT = '60';

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  // `pg_stat_activity` then shows the service's longest statement.
  'track_activity_query_size=4096',
];
const DISPOSABLE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_prepared_transactions=2',
];

/** The path of the file with the URL of the server. It has mode 0600, for other programs of this user. */
export function databaseUrlFile(baseDirectory: string): string {
  return join(baseDirectory, 'database-url');
}

/**
 * Starts a PostgreSQL with the database `countersign`, reachable from this machine only. It ends with this process, or
 * at the next start. One process at a time may use a base directory.
 * @throws PrivatePostgresError with a message that says what to do
 */
export async function startPrivatePostgres(options: PrivatePostgresOptions): Promise<PrivatePostgres> {
  const folder = prepareFolder(options.baseDirectory);
  if ((process.platform === 'win32' ? /["%]/ : /["$`\\]/).test(folder)) {
    throw new PrivatePostgresError(
      `The name of the folder ${folder} has a character that pg_ctl gives to a shell: name another one in COUNTERSIGN_DATA_DIR.`,
    );
  }
  const unlock = await lockFolder(folder);
  try {
    return await startIn(folder, options, unlock);
  } catch (error) {
    unlock();
    throw asSentence(error, folder);
  }
}

async function startIn(
  folder: string,
  { durability, log, programs: native }: PrivatePostgresOptions,
  unlock: () => void,
): Promise<PrivatePostgres> {
  const dataFolder = join(folder, 'data');
  const programs = new Programs(folder, dataFolder, native);
  const settings = durability === 'durable' ? SETTINGS : [...SETTINGS, ...DISPOSABLE];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  removeDrafts(folder);
  if (serverOf(dataFolder)) {
    log('Ending the private PostgreSQL that another start left running ...');
    await stopServer(programs, dataFolder);
  }
  // Another program may have this process id now.
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true });

  const url = existsSync(dataFolder) ? await savedUrl(folder, dataFolder) : await newUrl();
  writePrivately(databaseUrlFile(folder), `${url.href}\n`);
  if (!existsSync(dataFolder)) {
    log(`Making a private PostgreSQL in ${folder} ...`);
    await makeData(programs, dataFolder, { password: url.password, durability, flags });
  }
  log('Starting the private PostgreSQL ...');
  const dismiss = endWithUs(await startServer(programs, dataFolder, ['-p', url.port, ...flags]));
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await stopServer(programs, dataFolder);
    dismiss();
    unlock();
  };
  return { url: url.href, port: Number(url.port), stop: () => (stopping ??= stop()) };
}

async function newUrl(): Promise<URL> {
  const password = randomBytes(24).toString('base64url');
  return new URL(`postgresql://${NAME}:${password}@127.0.0.1:${await freePort()}/${NAME}`);
}

async function savedUrl(folder: string, dataFolder: string): Promise<URL> {
  const file = databaseUrlFile(folder);
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url?.password || !url.port) {
    throw new PrivatePostgresError(
      `The file ${file} with the password of the private PostgreSQL is missing or damaged: ` +
        `put it back, or move ${dataFolder} away to begin with an empty database.`,
    );
  }
  if (!(await isFree(Number(url.port)))) url.port = String(await freePort());
  return url;
}

/** Makes the data under a temporary name and then renames it, so that a killed start leaves no incomplete data. */
async function makeData(
  programs: Programs,
  dataFolder: string,
  options: { readonly password: string; readonly durability: Durability; readonly flags: readonly string[] },
): Promise<void> {
  const draft = mkdtempSync(`${dataFolder}.new-`);
  const passwordFile = `${draft}.password`;
  try {
    writeFileSync(passwordFile, options.password, { mode: 0o600 });
    const { user } = programs;
    if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
    const made =
      (await programs.run('initdb', [
        `--pgdata=${draft}`,
        `--username=${NAME}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--auth=scram-sha-256',
        '--no-instructions',
        ...(options.durability === 'durable' ? [] : disposable(programs)),
      ])) &&
      (await programs.run(
        'postgres',
        ['--single', '-D', draft, ...options.flags, '-c', 'exit_on_error=on', 'postgres'],
        `CREATE DATABASE ${NAME}\n`,
      ));
    if (!made) throw programs.gaveUp('PostgreSQL could not make its data folder');
    renameSync(draft, dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A disposable server stores no secret. One iteration saves 3 ms per connection (since PostgreSQL 16). */
function disposable({ majorVersion }: Programs): readonly string[] {
  return ['--no-sync', ...(majorVersion >= 16 ? ['--set=scram_iterations=1'] : [])];
}

function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('data.new-'))) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // A running initdb may still write there. The next start removes the folder.
    }
  }
}

async function startServer(
  programs: Programs,
  dataFolder: string,
  flags: readonly string[],
): Promise<number> {
  const args = ['start', '-s', '-w', '-t', START_LIMIT, '-D', dataFolder, '-o', flags.join(' ')];
  for (let tries = 0; !(await programs.run('pg_ctl', args)); tries += 1) {
    // The last processes of a killed server still use its shared memory. They exit soon.
    const mayStartYet = programs.output.includes('is still in use') && tries < 100;
    if (!mayStartYet) throw programs.gaveUp('PostgreSQL did not start');
    await wait(50);
  }
  const pid = serverOf(dataFolder);
  if (pid === null) throw programs.gaveUp('PostgreSQL ended at once');
  return pid;
}

/** Closes connections and flushes committed data. After the timeout it stops at once, and the next start recovers. */
async function stopServer(programs: Programs, dataFolder: string): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (serverOf(dataFolder) === null) return;
    await programs.run('pg_ctl', ['stop', '-s', '-w', '-t', STOP_LIMIT, '-D', dataFolder, '-m', mode]);
  }
  if (serverOf(dataFolder) !== null) throw programs.gaveUp('PostgreSQL does not end');
}

function serverOf(dataFolder: string): number | null {
  const file = join(dataFolder, 'postmaster.pid');
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
  if (process.platform === 'win32') return isRunning(pid) ? pid : null;
  return commandOf(pid).includes(dataFolder) ? pid : null;
}

/** Windows shows no command lines without another program. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}
