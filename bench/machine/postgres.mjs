import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { built } from '../product/built.mjs';
import { cpuSecondsOfChildren, parentOf } from './process-usage.mjs';

const { startPrivatePostgres } = built('tools/private-postgres/src');

/** Connections of each subject's pool: the service's own default. */
export const POOL_SIZE = 20;

/** Milliseconds after which every backend has read a changed setting. */
const RELOAD = 500;

const SETTINGS =
  'server_version fsync synchronous_commit full_page_writes wal_sync_method shared_buffers max_wal_size'.split(
    ' ',
  );

/** A private PostgreSQL in which an acknowledged commit is on disk. */
export class Postgres {
  #server;
  #client;
  #log;
  #pid;

  constructor(server, client, log, pid) {
    [this.#server, this.#client, this.#log, this.#pid] = [server, client, log, pid];
  }

  /** `sharedBuffers`: MiB that it keeps in memory itself; its own default when absent. */
  static async start(folder, { sharedBuffers } = {}) {
    const options = { baseDirectory: folder, durability: 'durable', log: say };
    let server = await startPrivatePostgres(options);
    if (sharedBuffers !== undefined) {
      await executeAt(server.url, `ALTER SYSTEM SET shared_buffers = '${sharedBuffers}MB'`);
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

  urlOf(name) {
    const url = new URL(this.#server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async createDatabase(name) {
    await this.#client.query(`CREATE DATABASE ${name}`);
  }

  /** `sql`: one statement or more, without parameters. */
  execute(name, sql) {
    return executeAt(this.urlOf(name), sql);
  }

  /** Rows of one statement. */
  async query(name, sql) {
    return (await executeAt(this.urlOf(name), sql)).rows;
  }

  /** Updates the statistics of the planner, as the server itself would a minute later. */
  async analyze(names) {
    for (const name of names) await this.execute(name, 'ANALYZE');
  }

  async describe() {
    const { rows } = await this.#client.query(
      'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS wanted (name)',
      [SETTINGS],
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /**
   * Runs `work` while every statement of every connection is logged. `linePrefix`: in PostgreSQL's own notation.
   * @returns {Promise<T>}
   */
  async whileLogging(linePrefix, work) {
    await this.set({ log_statement: 'all', log_line_prefix: linePrefix });
    try {
      return await work();
    } finally {
      await this.set({ log_statement: null, log_line_prefix: null });
    }
  }

  /** Of all its processes so far; null off Linux. */
  cpuSeconds() {
    return cpuSecondsOfChildren(this.#pid);
  }

  logSize() {
    return statSync(this.#log).size;
  }

  logSince(start) {
    return readFileSync(this.#log).subarray(start).toString('utf8');
  }

  async stop() {
    await this.#client.end();
    await this.#server.stop();
  }

  /** `settings`: null for the default. */
  async set(settings) {
    for (const [name, value] of Object.entries(settings))
      await this.#client.query(
        value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`,
      );
    await this.#client.query('SELECT pg_reload_conf()');
    await wait(RELOAD);
  }
}

async function executeAt(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
