import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { built } from '../../bench/product/built.mjs';
import { TelegramBot } from '../../bench/product/telegram-bot.mjs';
import { say } from '../../scripts/lib/main.mjs';
import { inClone } from '../../scripts/lib/clone.mjs';
import { makeApplication } from '../../scripts/lib/services.mjs';
import { runCli } from '../chaos/cli.mjs';
import { Replica } from '../chaos/replica.mjs';
import { Chain } from './chain.mjs';
import { startCustody } from './custody.mjs';

const { freePort } = built('tools/private-postgres/src');

const NO_LIMIT = { limit: 10_000_000, window: 600 };
const SETTINGS = {
  rateLimits: { signIn: NO_LIMIT, calls: NO_LIMIT },
  embeddedWallets: { enabled: true, acts: ['send'] },
};

/** How often a statement of the test is tried, and milliseconds between two tries: its connections end with a leader. */
const TRIES = 40;
const PAUSE = 250;

/** Three replicas, custody and a chain: two replicas by pgbouncer, and one by haproxy alone with prepared statements. */
export class Installation {
  /** @type {Replica[]} */
  replicas = [];
  bot = new TelegramBot();
  /** Milliseconds for which a client asks again. */
  limitMs = 90_000;
  #pool;
  #operatorSocket;

  /**
   * @param {import('./database.mjs').Database} database
   * @param {object} options
   * @param {string} options.folder
   * @param {import('../../bench/machine/ending.mjs').Ending} options.ending
   */
  static async start(database, { folder, ending }) {
    const made = new Installation();
    made.#pool = new pg.Pool({ connectionString: database.superuserUrl, max: 4 });
    made.#pool.on('error', () => undefined);
    ending.before(() => made.#pool.end());
    made.keysFile = join(folder, 'keys.json');
    say('Setting up the application ...');
    await made.#setUp(database);
    ending.check();
    const custody = join(folder, 'custody');
    made.#operatorSocket = join(custody, 'operator', 'socket');
    made.chain = await Chain.start(ending);
    await startCustody(database.superuserUrl, custody, ending, made.chain.rpcUrls);
    const sending = { CUSTODY_SOCKET: join(custody, 'socket'), CHAINS: made.chain.document };
    for (const [name, url] of [
      ['A', database.pooledUrl],
      ['B', database.pooledUrl],
      ['C', database.directUrl],
    ]) {
      const ports = { port: await freePort(), gatewayPort: await freePort() };
      const env = { ...made.env, ...sending, DATABASE_URL: url, LOG_LEVEL: 'warn' };
      const replica = new Replica(name, ports, env, join(folder, `replica-${name}.log`));
      ending.before(async () => {
        await replica.stop();
        replica.close();
      });
      made.replicas.push(replica);
    }
    await Promise.all(made.replicas.map((replica) => replica.start()));
    return made;
  }

  /** @returns {Promise<any[]>} rows, by a superuser */
  async query(text, values = []) {
    for (let left = TRIES; ; left -= 1) {
      try {
        return (await this.#pool.query(text, values)).rows;
      } catch (error) {
        if (left === 0) throw error;
        await wait(PAUSE);
      }
    }
  }

  /** Lets wallets act again, as an operator does. Before the job of a replica has applied the brake it changes nothing. */
  async release() {
    await wait(PAUSE);
    const env = { PATH: process.env.PATH, CUSTODY_OPERATOR_SOCKET: this.#operatorSocket };
    execFileSync(inClone('bin', 'countersign-custody'), ['release'], { env });
  }

  /** Replicas that hear notifications. */
  async countListeners() {
    const [{ count }] = await this.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE application_name = 'countersign-listen' AND NOT pg_is_in_recovery()`,
    );
    return count;
  }

  async #setUp({ directUrl }) {
    await runCli(['keys', 'generate', '--out', this.keysFile], {});
    this.env = {
      NODE_ENV: 'development',
      DATABASE_URL: directUrl,
      DATABASE_DIRECT_URL: directUrl,
      KEYS_FILE: this.keysFile,
      WEBHOOK_ALLOWED_TARGETS: '127.0.0.1',
      DEMO_TELEGRAM_KEY: `${this.bot.id}:${this.bot.publicKeyHex}`,
    };
    await runCli(['migrate'], this.env);
    const wanted = { name: 'Failover', username: 'failover_bot', token: this.bot.token, settings: SETTINGS };
    this.applicationId = (await makeApplication(this.env, wanted)).applicationId;
  }
}
