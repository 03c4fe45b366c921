import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sentence } from './main.mjs';

/** Runs a program that gets SIGTERM when this process ends without a signal to it: then the pipe at descriptor 3 closes. */
const WHILE_WE_LIVE = '( read -r _ <&3; kill -TERM $$ 2>/dev/null ) & exec "$@" 3<&-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const POLL_MS = 100;
const LAST_LINES = 15;

/**
 * Child processes that run until this process gets a signal, or one of them ends by itself. The output of each goes to a
 * log file. Signals are handled from the construction on; repeated ones change nothing.
 */
export class Children {
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

/** Runs a program to its end. @returns its output @throws {Sentence} with its output when it fails */
export async function runQuietly(command, args, options = {}, input = '') {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (told += text));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Sentence(`This fails: ${[command, ...args].join(' ')}\n${told}`);
  return told;
}
