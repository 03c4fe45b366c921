import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadAddress, makeAddress, saveAddress, urlOf, type Address } from './address';
import { findBinaries, provideBinaries, type Binaries } from './binaries';
import { checkVersion, makeCluster, removeLeftovers } from './cluster';
import { prepareDatabase } from './connection';
import { asSentence, PrivatePostgresError } from './errors';
import { FolderInUseError, lockFolder } from './folder-lock';
import { prepareFolder } from './folders';
import { isRunning } from './processes';
import { isInReach, accountFor } from './server/server-account';
import { findOrphan, startServer, stopServer, type RunningServer } from './server/server';
import { ServerLog } from './server/server-log';
import { endWithUs } from './watchdog';

/**
 * `durable`: committed data survives crashes; the server outlives a killed parent and is adopted later.
 * `disposable`: for tests; nothing is synced to disk, and the server ends with its parent.
 */
export type Durability = 'durable' | 'disposable';

export interface PrivatePostgresOptions {
  /** Holds the data, the log, the address and, where needed, a copy of the programs. Made if need be. */
  readonly baseDirectory: string;
  readonly durability: Durability;
  /** Called before every step that may take longer than a moment. */
  readonly log: (line: string) => void;
  /** Where the package of programs lies, when not in `node_modules`. */
  readonly packageFolder?: string;
  /**
   * The programs of the system, such as Debian's, instead of a package's: all accounts may run them in place.
   */
  readonly systemPrograms?: Binaries;
}

export interface PrivatePostgres {
  /** With the password: not for logs. */
  readonly url: string;
  readonly port: number;
  /** The server was running already, left by a killed process. */
  readonly adopted: boolean;
  /** Ends the server; waits until it is gone. Calling it again waits for the same end. */
  readonly stop: () => Promise<void>;
}

/** The file (mode 0600) that holds the server's URL, for other programs of the same user. */
export function databaseUrlFile(baseDirectory: string): string {
  return join(baseDirectory, 'database-url');
}

/**
 * Starts (or adopts) a private PostgreSQL with the database `countersign`, reachable from this machine only.
 * One process at a time may use a base directory.
 *
 * @throws PrivatePostgresError when that is impossible here; its message says what to do.
 */
export async function startPrivatePostgres(options: PrivatePostgresOptions): Promise<PrivatePostgres> {
  const folder = prepareFolder(options.baseDirectory);
  try {
    const lock = await lockFolder(join(folder, 'lock'));
    try {
      return await startLocked(options, folder, () => lock.release());
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw asSentence(error, folder);
    throw new PrivatePostgresError(
      `The private PostgreSQL in ${folder} is in use by process ${error.pid}: stop that one first.`,
    );
  }
}

async function startLocked(
  options: PrivatePostgresOptions,
  folder: string,
  unlock: () => void,
): Promise<PrivatePostgres> {
  const dataFolder = join(folder, 'data');
  const addressFile = databaseUrlFile(folder);
  const isDurable = options.durability === 'durable';
  const installed = options.systemPrograms ?? findBinaries(options.packageFolder);
  if (existsSync(dataFolder)) checkVersion(dataFolder, installed.version);
  const account = accountFor(dataFolder);
  if (account && !isInReach(account, folder)) {
    throw new PrivatePostgresError(
      `As root PostgreSQL runs as user id ${account.uid}, who cannot pass through to ${folder}: ` +
        `name a folder below world-accessible ones in COUNTERSIGN_DATA_DIR.`,
    );
  }
  removeLeftovers(folder);

  const orphan = await findOrphan(dataFolder);
  if (orphan) options.log(`Adopting the private PostgreSQL that still runs as process ${orphan.pid} ...`);
  const { server, address } = orphan
    ? { server: orphan, address: loadAddress(addressFile, dataFolder) }
    : await startOwn();
  const current = { ...address, port: server.port };
  if (current.port !== address.port) saveAddress(addressFile, current);
  const dismiss = isDurable ? () => undefined : endWithUs(server.pid);
  const stop = once(async () => {
    await stopServer(server.pid);
    dismiss();
    unlock();
  });
  try {
    await prepareDatabase(current, dataFolder, () => isRunning(server.pid));
  } catch (error) {
    // The adopted server has ended meanwhile: start a new one.
    if (orphan && !isRunning(orphan.pid)) return startLocked(options, folder, unlock);
    if (!orphan) await stop();
    throw error;
  }
  return { url: urlOf(current), port: current.port, adopted: orphan !== null, stop };

  async function startOwn(): Promise<{ server: RunningServer; address: Address }> {
    const installation = {
      account,
      folder,
      binaries: options.systemPrograms ?? provideBinaries(installed, folder, account),
      log: new ServerLog(join(folder, 'postgres.log')),
    };
    if (!existsSync(dataFolder)) {
      options.log(`Making a private PostgreSQL in ${folder} ...`);
      if (!existsSync(addressFile)) saveAddress(addressFile, await makeAddress());
      const { password } = loadAddress(addressFile, dataFolder);
      await makeCluster(installation, dataFolder, { password, isDurable });
    }
    const address = loadAddress(addressFile, dataFolder);
    options.log('Starting the private PostgreSQL ...');
    return {
      server: await startServer(installation, dataFolder, { port: address.port, isDurable }),
      address,
    };
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
