import { betterAuthClient } from '../clients/better-auth.mjs';
import { startPeer } from './peer.mjs';

/**
 * @param {object} options
 * @param {import('../machine/postgres.mjs').Postgres} options.postgres
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {number[] | undefined} options.cores
 */
export async function startBetterAuth({ postgres, bot, cores }) {
  const options = {
    postgres,
    database: 'bench_better_auth',
    env: { BOT_TOKEN: bot.token },
    cores,
  };
  return { ...(await startPeer('better-auth-server.mjs', options)), client: betterAuthClient };
}
