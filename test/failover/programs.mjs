import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's folder of PostgreSQL's programs. */
const POSTGRES = '/usr/lib/postgresql/15/bin';
/** Programs with the packages of Debian that have them. */
const PROGRAMS = {
  patroni: 'patroni',
  etcd: 'etcd-server',
  haproxy: 'haproxy',
  pgbouncer: 'pgbouncer',
  postgres: 'postgresql-15',
};
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', POSTGRES];

const locate = (program) =>
  FOLDERS.map((folder) => join(folder, program)).find((path) => path.startsWith('/') && existsSync(path));

/** @returns {string[]} packages of Debian whose programs are absent */
export function missingPackages() {
  return Object.entries(PROGRAMS)
    .filter(([program]) => !locate(program))
    .map(([, name]) => name);
}

/** PostgreSQL, Patroni and pgbouncer refuse to run as root: the account of Debian's package then. Null: the own account. */
const account = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : null;

function idOf(option) {
  try {
    return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return 65_534;
  }
}

/** A folder that the programs may write. */
export function ownFolder(path) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return own(path);
}

/** @param {string} path gets the account of the programs */
export function own(path) {
  if (account) chownSync(path, account.uid, account.gid);
  chmodSync(path, 0o700);
  return path;
}

/**
 * Starts a program of Debian by the account of the database. What it prints is appended to the log.
 *
 * @param {keyof typeof PROGRAMS} program
 * @param {string[]} args
 * @param {{ log: string, env?: Record<string, string>, cwd: string }} options
 */
export function startProgram(program, args, { log, env = {}, cwd }) {
  const output = openSync(log, 'a');
  const child = spawn(locate(program), args, {
    ...{ cwd, stdio: ['ignore', output, output], ...account },
    env: { PATH: `${POSTGRES}${delimiter}${process.env.PATH}`, HOME: cwd, LANG: 'C.UTF-8', ...env },
  });
  closeSync(output);
  return new Program(child);
}

/** A process with all of its descendants. PostgreSQL is one of Patroni, in a session of its own. */
export class Program {
  #child;
  #gone;
  #frozen = [];
  /** Roots of descendants that outlive their parent. @type {() => number[]} */
  others = () => [];

  constructor(child) {
    this.#child = child;
    this.#gone = once(child, 'exit').catch(() => undefined);
  }

  get isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** `kill -9` of all of them, as when a machine loses its power. */
  async kill() {
    this.#signalAll('SIGKILL');
    await this.#gone;
    // Those that began meanwhile.
    this.#signalAll('SIGKILL');
  }

  /** SIGSTOP: the machine answers nothing, and its connections stay. */
  freeze() {
    this.#frozen = this.#signalAll('SIGSTOP');
  }

  thaw() {
    for (const pid of this.#frozen) signal(pid, 'SIGCONT');
    this.#frozen = [];
  }

  #signalAll(name) {
    const roots = [...(this.isRunning ? [this.#child.pid] : []), ...this.others()];
    const pids = descendantsOf(roots);
    for (const pid of pids) signal(pid, name);
    return pids;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** @param {number[]} roots @returns {number[]} with the roots, parents first */
function descendantsOf(roots) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    if (parent !== null) parents.set(Number(name), parent);
  }
  const found = roots.filter((pid) => parents.has(pid));
  for (const pid of found)
    for (const [child, parent] of parents) if (parent === pid && !found.includes(child)) found.push(child);
  return found;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
