import { readFileSync } from 'node:fs';
import { countersignClient } from '../clients/countersign.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { startProgram } from './program.mjs';

const DATABASE = 'bench_minimal';

/** It knows no applications. */
const NO_APPLICATION = '00000000-0000-7000-8000-000000000000';

/**
 * A bare `node:http` with `pg` that does the least honest work: both checks of the init data, one user and one
 * session, durably; no sealing, no audit, no replay guard, no cache.
 *
 * @param {object} options
 * @param {import('../machine/postgres.mjs').Postgres} options.postgres
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {number[] | undefined} options.cores
 */
export async function startMinimal({ postgres, bot, cores }) {
  await postgres.createDatabase(DATABASE);
  await postgres.execute(DATABASE, readFileSync(new URL('minimal-schema.sql', import.meta.url), 'utf8'));
  const env = {
    DATABASE_URL: postgres.urlOf(DATABASE),
    POOL_SIZE: String(POOL_SIZE),
    BOT_TOKEN: bot.token,
    TELEGRAM_KEY: bot.publicKeyHex,
  };
  return {
    ...(await startProgram(new URL('minimal-server.mjs', import.meta.url), env, cores)),
    client: countersignClient({ applicationId: NO_APPLICATION }),
    database: DATABASE,
    applicationName: 'bench-minimal',
  };
}
