import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { makeApplication } from '../../scripts/lib/services.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { runCli, startService } from './service.mjs';

const DATABASE = 'bench';

/**
 * Sets the service up by its CLI: keys, tables, an application and its bot. `keysFile`: to be written; `origins`: of
 * the application.
 */
export async function setUp({ databaseUrl, keysFile, bot, origins = [], settings = {} }) {
  await runCli(['keys', 'generate', '--out', keysFile], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    KEYS_FILE: keysFile,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
  };
  await runCli(['migrate'], env);
  const made = await makeApplication(env, {
    ...{ name: 'Bench', presets: ['openweb3'], origins, settings },
    ...{ username: 'bench_bot', token: bot.token },
  });
  return { env, ...made };
}

/**
 * An installation on a PostgreSQL of its own, whose background jobs run when the bench says so. `folder`: for its
 * data and keys; `origins`: of the application; `settings`: of the application; `sharedBuffers`: MiB of PostgreSQL.
 */
export async function install({ folder, bot, ending, origins, settings = {}, sharedBuffers }) {
  mkdirSync(folder, { recursive: true });
  const postgres = await Postgres.start(join(folder, 'postgres'), { sharedBuffers });
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const keysFile = join(folder, 'keys.json');
  const made = await setUp({ databaseUrl, keysFile, bot, origins, settings });
  const env = { ...made.env, JOBS: 'off' };
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  ending.before(() => client.end());
  const keys = readFileSync(keysFile, 'utf8');
  /** `more`: of its environment. */
  const start = async (more = {}, options = {}) => {
    const service = await startService({ ...env, ...more }, options);
    ending.before(() => service.stop());
    return service;
  };
  return { ...made, env, keys, postgres, client, databaseUrl, start };
}
