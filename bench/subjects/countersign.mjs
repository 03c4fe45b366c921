import { join, resolve } from 'node:path';
import { countersignClient } from '../clients/countersign.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { runCli, startService } from '../product/service.mjs';

const DATABASE = 'countersign';
const SUBSCRIBED_DATABASE = 'countersign_subscribed';

/**
 * The service as it is shipped, in a process of its own: set up by its CLI, all checks, sealing, audit and the replay
 * guard on. `development` is what lets it trust the fake Telegram; nothing on the way of a request depends on it.
 *
 * @param {object} options
 * @param {import('../machine/postgres.mjs').Postgres} options.postgres
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {string} options.folder for the keys
 * @param {string | undefined} options.profile folder for a CPU profile
 * @param {number[] | undefined} options.cores
 */
export async function startCountersign(options) {
  return start(options, DATABASE);
}

/** The same with a webhook for all events. What it delivers, other replicas do: `JOBS=off`. */
export async function startSubscribed(options) {
  await options.postgres.createDatabase(SUBSCRIBED_DATABASE);
  return start(options, SUBSCRIBED_DATABASE, async (env) => {
    const receiver = ['--name', 'bench', '--url', 'http://127.0.0.1:9/', '--all-types'];
    await runCli(['webhook', 'create', ...receiver], { ...env, WEBHOOK_ALLOWED_TARGETS: '127.0.0.1' });
    return { JOBS: 'off' };
  });
}

async function start({ postgres, bot, folder, profile, cores }, database, prepare = async () => ({})) {
  const keys = join(folder, `${database}.json`);
  await runCli(['keys', 'generate', '--out', keys], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.urlOf(database),
    KEYS_FILE: keys,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
  };
  await runCli(['migrate'], env);
  const { applicationId, clientSecret } = await runCli(['application', 'create', '--name', 'Bench'], env);
  const place = ['--application', applicationId, '--username', 'bench_bot', '--token-stdin'];
  await runCli(['bot', 'add', ...place], env, bot.token);

  const more = await prepare(env);
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`] : [];
  const service = await startService(
    { ...env, ...more, DATABASE_POOL_SIZE: String(POOL_SIZE) },
    { cores, nodeArguments: profiling },
  );
  return {
    port: service.port,
    ports: { gatewayCheck: service.gatewayPort },
    client: countersignClient({ applicationId, clientSecret }),
    database,
    applicationName: 'countersign',
    hasSessionCache: true,
    cpuSeconds: service.cpuSeconds,
    stop: service.stop,
  };
}
