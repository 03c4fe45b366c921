import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../scripts/lib/clone.mjs';
import { Door } from './door.mjs';

const API = inClone('dist', 'apps', 'api', 'src', 'main.js');

/** Milliseconds. */
const START_LIMIT = 60_000;
const STOP_LIMIT = 20_000;
const POLL = 25;

/** Lines that are told of a log. */
const TOLD_LINES = 12;

/** One API process, which keeps its ports when it comes back. */
export class Replica {
  #env;
  #log;
  #child = null;
  #gone = Promise.resolve([0, null]);

  /**
   * @param {string} name
   * @param {{ port: number, gatewayPort: number }} ports
   * @param {Record<string, string>} env
   * @param {string} log file
   */
  constructor(name, { port, gatewayPort }, env, log) {
    this.name = name;
    this.api = new Door(port);
    this.gateway = new Door(gatewayPort);
    this.#env = { ...env, HOST: '127.0.0.1', PORT: String(port), GATEWAY_PORT: String(gatewayPort) };
    this.#log = log;
  }

  get isRunning() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it, unless it runs, and waits until it is ready. */
  async start() {
    if (!this.isRunning) {
      const output = openSync(this.#log, 'a');
      this.#child = spawn(process.execPath, [API], {
        env: { PATH: process.env.PATH ?? '', ...this.#env },
        stdio: ['ignore', output, 'inherit'],
      });
      closeSync(output);
      this.#gone = once(this.#child, 'exit');
    }
    const deadline = Date.now() + START_LIMIT;
    while ((await this.readiness()).status !== 200) {
      if (!this.isRunning) throw new Error(`replica ${this.name} ended while it started`);
      if (Date.now() > deadline) throw new Error(`replica ${this.name} was not ready in time`);
      await wait(POLL);
    }
  }

  readiness() {
    return this.api.ask({ method: 'GET', path: '/health/ready' });
  }

  /** `kill -9`. */
  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#gone;
  }

  async stop() {
    if (!this.isRunning) return;
    this.#child.kill('SIGTERM');
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT);
    await this.#gone;
    clearTimeout(limit);
  }

  /** What it warned of last. */
  get warnings() {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
    return lines.filter((line) => /"level":"(?:warn|error|fatal)"/.test(line)).slice(-TOLD_LINES);
  }

  close() {
    this.api.close();
    this.gateway.close();
  }
}
