import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { built } from '../../bench/product/built.mjs';
import { TelegramBot } from '../../bench/product/telegram-bot.mjs';
import { say } from '../../scripts/lib/main.mjs';
import { makeApplication, withServices } from '../../scripts/lib/services.mjs';
import { runCli } from './cli.mjs';
import { Network } from './network.mjs';
import { Replica } from './replica.mjs';

const { freePort, startPrivatePostgres } = built('tools/private-postgres/src');

const NAMES = ['A', 'B', 'C'];

/** Milliseconds. */
const LISTEN_LIMIT = 30_000;
const POLL = 50;

/** What is asked for on purpose here would be too much for one person. */
const NO_LIMIT = { limit: 10_000_000, window: 600 };
const SETTINGS = { rateLimits: { signIn: NO_LIMIT, calls: NO_LIMIT } };

/** Three API processes over one durable PostgreSQL, as they are shipped, with one application and its bot. */
export class Cluster {
  #postgresFolder;
  #postgres;
  #pool;
  #env;
  #place;
  /** @type {string} */
  applicationId;
  /** @type {Replica[]} */
  replicas = [];
  bot = new TelegramBot();

  constructor(folder) {
    this.#postgresFolder = join(folder, 'postgres');
  }

  /**
   * @param {object} options
   * @param {string} options.folder for everything
   * @param {string | undefined} options.logs
   * @param {import('../../bench/machine/ending.mjs').Ending} options.ending
   */
  static async start({ folder, logs, ending }) {
    const cluster = new Cluster(folder);
    cluster.#postgres = await startPrivatePostgres({
      baseDirectory: cluster.#postgresFolder,
      durability: 'durable',
      log: () => undefined,
    });
    ending.before(() => cluster.#postgres.stop());
    cluster.network = await Network.start(cluster.#postgres.url);
    ending.before(() => cluster.network.stop());
    cluster.#pool = new pg.Pool({ connectionString: cluster.#postgres.url, max: 2 });
    cluster.#pool.on('error', () => undefined);
    ending.before(() => cluster.#pool.end());
    ending.check();
    await cluster.#setUp(join(folder, 'keys.json'));
    cluster.#place = { folder: logs ?? folder, level: logs ? 'info' : 'warn', ending };
    for (const name of NAMES)
      cluster.replicas.push(await cluster.#makeReplica(name, { DATABASE_DIRECT_URL: cluster.network.url }));
    ending.check();
    await cluster.startReplicas();
    return cluster;
  }

  async #makeReplica(name, own) {
    const { folder, level, ending } = this.#place;
    const ports = { port: await freePort(), gatewayPort: await freePort() };
    const env = { ...this.#env, LOG_LEVEL: level, ...own };
    const replica = new Replica(name, ports, env, join(folder, `replica-${name}.log`));
    ending.before(async () => {
      await replica.stop();
      replica.close();
    });
    return replica;
  }

  /** Starts those that do not run, and waits until all of them hear notifications. */
  async startReplicas() {
    await Promise.all(this.replicas.map((replica) => replica.start()));
    await this.untilListening();
  }

  async untilListening() {
    const deadline = Date.now() + LISTEN_LIMIT;
    while (this.network.liveConnections < this.replicas.length) {
      if (Date.now() > deadline) throw new Error('a replica does not listen for notifications again');
      await wait(POLL);
    }
  }

  /** Brings everything up that a scenario has taken down. */
  async repair() {
    this.network.restore();
    await this.startReplicas();
  }

  /** @returns {Promise<any[]>} rows */
  async query(text, values = []) {
    const { rows } = await this.#pool.query(text, values);
    return rows;
  }

  /** Ends a session without the service, as a restore does. @returns {Promise<number>} when it had ended */
  endSession(sessionId) {
    return withServices(this.#env, async (get) => {
      await get('identity/account', 'AccountService').revoke({ sessionId });
      return performance.now();
    });
  }

  /** @param {string[]} args @param {string} [input] */
  cli(args, input) {
    return runCli(args, this.#env, input);
  }

  /** @param {object} settings merge patch */
  async set(settings) {
    await withServices(this.#env, (get) =>
      get('identity/applications', 'ApplicationsService').change(this.applicationId, { settings }),
    );
  }

  async #setUp(keys) {
    say('Setting up the application ...');
    await runCli(['keys', 'generate', '--out', keys], {});
    this.#env = {
      NODE_ENV: 'development',
      DATABASE_URL: this.#postgres.url,
      KEYS_FILE: keys,
      DEMO_TELEGRAM_KEY: `${this.bot.id}:${this.bot.publicKeyHex}`,
    };
    await this.cli(['migrate']);
    const wanted = { name: 'Chaos', username: 'chaos_bot', token: this.bot.token, settings: SETTINGS };
    this.applicationId = (await makeApplication(this.#env, wanted)).applicationId;
  }
}
