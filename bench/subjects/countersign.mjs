import { join, resolve } from 'node:path';
import { countersignClient } from '../clients/countersign.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { setUp } from '../product/installation.mjs';
import { runCli, startService } from '../product/service.mjs';

/**
 * The service as it is shipped: set up by its CLI, with all checks, sealing, audit and the replay guard.
 * `development` lets it trust the fake Telegram; the request path does not depend on it. `folder`: for the keys;
 * `profile`: folder for a CPU profile.
 */
export function startCountersign(options) {
  return start(options, 'countersign');
}

/** The same with a webhook for all events, which other replicas deliver: `JOBS=off`. */
export async function startSubscribed(options) {
  await options.postgres.createDatabase('countersign_subscribed');
  return start(options, 'countersign_subscribed', async (env) => {
    const receiver = ['--name', 'bench', '--url', 'http://127.0.0.1:9/', '--all-types'];
    await runCli(['webhook', 'create', ...receiver], { ...env, WEBHOOK_ALLOWED_TARGETS: '127.0.0.1' });
    return { JOBS: 'off' };
  });
}

async function start({ postgres, bot, folder, profile, cores }, database, prepare = async () => ({})) {
  const keysFile = join(folder, `${database}.json`);
  const { env, applicationId, clientSecret } = await setUp({
    databaseUrl: postgres.urlOf(database),
    keysFile,
    bot,
  });
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
