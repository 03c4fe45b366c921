import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { built } from '../product/built.mjs';
import { cpuSecondsOfChildren, parentOf } from './cpu-time.mjs';

const { startPrivatePostgres } = built('tools/private-postgres/src');

/** Connections of each subject's pool: the service's own default. */
export const POOL_SIZE = 20;

/** Milliseconds after which every backend has read a changed setting. */
const RELOAD = 500;

const TOLD_SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'max_wal_size',
];

/** A real PostgreSQL of our own in which an acknowledged commit is on disk. All subjects use it. */
export class Postgres {
  #server;
  #client;
  #log;
  #pid;

  constructor(server, client, log, pid) {
    this.#server = server;
    this.#client = client;
    this.#log = log;
    this.#pid = pid;
  }

  /**
   * @param {string} folder
   * @param {object} [settings]
   * @param {number} [settings.sharedBuffers] MiB that it keeps in memory itself; its own default when absent
   */
  static async start(folder, { sharedBuffers } = {}) {
    const options = { baseDirectory: folder, durability: 'durable', log: say };
    let server = await startPrivatePostgres(options);
    if (sharedBuffers !== undefined) {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`ALTER SYSTEM SET shared_buffers = '${sharedBuffers}MB'`);
      await client.end();
      await server.stop();
      server = await startPrivatePostgres(options);
    }
    const client = new pg.Client({ connectionString: server.url });
    // The statement that meets a broken connection reports it.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    return new Postgres(server, client, join(folder, 'postgres.log'), parentOf(rows[0].pid));
  }

  /** @param {string} name of the database */
  urlOf(name) {
    const url = new URL(this.#server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** @param {string} name */
  async createDatabase(name) {
    await this.#client.query(`CREATE DATABASE ${name}`);
  }

  /** @param {string} name of the database @param {string} sql one statement or more, without parameters */
  async execute(name, sql) {
    const client = new pg.Client({ connectionString: this.urlOf(name) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /** Lets the planner know how much there is by now, as the server itself would a minute later. */
  async analyze(names) {
    for (const name of names) await this.execute(name, 'ANALYZE');
  }

  /** @returns {Promise<Record<string, string>>} */
  async describe() {
    const { rows } = await this.#client.query(
      'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS wanted (name)',
      [['server_version', ...TOLD_SETTINGS]],
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /**
   * Runs `work` while every statement of every connection is logged.
   *
   * @template T
   * @param {string} linePrefix in PostgreSQL's own notation
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async whileLogging(linePrefix, work) {
    await this.#set({ log_statement: 'all', log_line_prefix: linePrefix });
    try {
      return await work();
    } finally {
      await this.#set({ log_statement: null, log_line_prefix: null });
    }
  }

  /** What all its processes have computed so far; null off Linux. */
  cpuSeconds() {
    return cpuSecondsOfChildren(this.#pid);
  }

  /** Bytes. */
  logSize() {
    return statSync(this.#log).size;
  }

  /** @param {number} start a former size */
  logSince(start) {
    return readFileSync(this.#log).subarray(start).toString('utf8');
  }

  async stop() {
    await this.#client.end();
    await this.#server.stop();
  }

  async #set(settings) {
    for (const [name, value] of Object.entries(settings)) {
      await this.#client.query(
        value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`,
      );
    }
    await this.#client.query('SELECT pg_reload_conf()');
    await wait(RELOAD);
  }
}
