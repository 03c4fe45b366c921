import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startNode } from '../child.mjs';
import { POOL_SIZE } from '../postgres.mjs';

const PROGRAM = fileURLToPath(new URL('minimal-server.mjs', import.meta.url));
const SCHEMA = new URL('minimal-schema.sql', import.meta.url);

export const MINIMAL_DATABASE = 'bench_minimal';

/**
 * A bare `node:http` with `pg` that does the least honest work: both checks of the init data, one user and one
 * session, durably; no sealing, no audit, no replay guard, no cache.
 *
 * @param {object} options
 * @param {import('../postgres.mjs').Postgres} options.postgres
 * @param {import('../crowd.mjs').Crowd} options.crowd
 * @param {import('../telegram-bot.mjs').TelegramBot} options.bot
 * @param {number[] | undefined} options.cores
 */
export async function startMinimal({ postgres, crowd, bot, cores }) {
  await postgres.createDatabase(MINIMAL_DATABASE);
  const url = postgres.urlOf(MINIMAL_DATABASE);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(readFileSync(SCHEMA, 'utf8'));
  await client.end();

  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    POOL_SIZE: String(POOL_SIZE),
    BOT_TOKEN: bot.token,
    TELEGRAM_KEY: bot.publicKeyHex,
  };
  const node = startNode([PROGRAM], { env, cores, hasChannel: true });
  const { port } = await node.firstMessage();
  return {
    name: 'node:http + pg',
    port,
    crowd,
    applicationName: 'bench-minimal',
    cpuSeconds: node.cpuSeconds,
    stop: node.stop,
  };
}
