import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inClone } from './clone.mjs';
import { say, Sentence } from './main.mjs';

/** Runs a program that gets SIGTERM when this process ends without a signal to it: then the pipe at descriptor 3 closes. */
const WHILE_WE_LIVE = '( read -r _ <&3; kill -TERM $$ 2>/dev/null ) & exec "$@" 3<&-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const POLL_MS = 100;
const LAST_LINES = 15;

/**
 * Child processes that run until this process gets a signal, or one of them ends by itself. The output of each goes to a
 * log file. Signals are handled from the construction on; repeated ones change nothing.
 */
class Children {
  #logs;
  #running = [];
  #end;
  #fail;
  /** Resolves at a signal, rejects when a program has ended by itself. */
  ended;
  isInterrupted = false;
  #isEnding = false;

  /** @param {string} logs an empty folder */
  constructor(logs) {
    this.#logs = logs;
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.ended.catch(() => undefined);
    for (const signal of SIGNALS)
      process.on(signal, () => {
        this.isInterrupted = true;
        this.#end();
      });
  }

  /** Starts a program. @param {string} name for its log and for messages */
  start(name, command, args, options = {}) {
    const log = openSync(this.#logOf(name), 'w');
    // In its own process group: Ctrl-C reaches this process only, which stops the children in order.
    const stdio = ['ignore', log, log, 'pipe'];
    const words = ['-c', WHILE_WE_LIVE, 'sh', command, ...args];
    const child = spawn('/bin/sh', words, { ...options, stdio, detached: true });
    closeSync(log);
    const ended = once(child, 'exit').finally(() => child.stdio[3].destroy());
    this.#running.push({ name, child, ended });
    void ended.then(() => {
      if (!this.#isEnding) this.#fail(new Sentence(`${name} has ended:\n${this.#lastWords(name)}`));
    });
  }

  /**
   * Polls until `ask` resolves with true.
   *
   * @returns {Promise<boolean>} false after a signal
   * @throws {Sentence} when a program has ended by itself
   */
  async until(ask) {
    let isOver = false;
    const over = this.ended.then(() => (isOver = true));
    while (!isOver && !(await ask().catch(() => false))) await Promise.race([over, sleep(POLL_MS)]);
    return !isOver;
  }

  /** Ends all programs, in the reverse order of their start. */
  async stop() {
    this.#isEnding = true;
    for (const { child, ended } of this.#running.reverse()) {
      child.kill('SIGTERM');
      await ended;
    }
    this.#running = [];
  }

  #logOf(name) {
    return join(this.#logs, `${name}.log`);
  }

  #lastWords(name) {
    return readFileSync(this.#logOf(name), 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }
}

/**
 * Starts programs, and ends them all at a signal, or when one of them ends by itself.
 *
 * @param {(children: Children, folder: string) => Promise<void>} start `folder` is a temporary one
 */
export async function runTogether(start) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-example-'));
  // As root, PostgreSQL runs as another user, who passes through this folder.
  chmodSync(folder, 0o755);
  const children = new Children(folder);
  try {
    await start(children, folder);
    await children.ended;
  } catch (error) {
    // A signal makes the step that was running fail too.
    if (!children.isInterrupted) throw error;
  } finally {
    say('Ending ...');
    await children.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Variables of an installation that an example does not use. */
const UNSET = /^(?:(?:CUSTODY_)?(?:DATABASE_URL|KEYS)|REDIS_URL)(?:_FILE)?$|^(?:PUBLIC_URL|CUSTODY_SOCKET)$/;

/**
 * Starts Countersign in development, with data and ports of its own: `npm start` may run beside it.
 *
 * @param {{ data: string, ports: [number, number, number], more: Record<string, string> }} of
 * @returns its address, environment and made-up people, or null after a signal
 */
export async function startCountersign(children, { data, ports: [port, gatewayPort, adminPort], more }) {
  say('Starting Countersign ...');
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNSET.test(name))),
    NODE_ENV: 'development',
    COUNTERSIGN_DATA_DIR: data,
    HOST: '127.0.0.1',
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    ADMIN_PORT: String(adminPort),
    ...more,
  };
  children.start('Countersign', process.execPath, [inClone('scripts', 'start.mjs')], { env });
  const address = `http://127.0.0.1:${port}`;
  const isUp = await children.until(async () => (await fetch(`${address}/playground/people`)).ok);
  return isUp ? { address, env, ...(await (await fetch(`${address}/playground/people`)).json()) } : null;
}

/** Runs a command of the CLI. @returns its output */
export function runCountersign(env, words, input) {
  return runQuietly(process.execPath, [inClone('bin', 'countersign'), ...words], { env }, input);
}

/** @returns {number} the first of `count` ports */
export function portOf(text, count) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port + count <= 65_536) return port;
  throw new Sentence(`--port has to be a number from 1024: it and the ${count - 1} after it are used.`);
}

/** Runs a program to its end. @returns its output @throws {Sentence} with its output when it fails */
export async function runQuietly(command, args, options = {}, input = '') {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let [output, told] = ['', ''];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (told += text));
  child.stdout.on('data', (text) => (output += text));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Sentence(`This fails: ${[command, ...args].join(' ')}\n${told}`);
  return output;
}
