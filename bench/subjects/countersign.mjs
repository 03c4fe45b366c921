import { join, resolve } from 'node:path';
import { countersignClient } from '../clients/countersign.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { setUp, startService } from '../product/service.mjs';

/**
 * The service as it is shipped: set up by its CLI, with all checks, sealing, audit and the replay guard. `development` lets
 * it trust the fake Telegram; the request path does not depend on it.
 */
export async function startCountersign({ postgres, bot, folder, profile, cores }) {
  const database = 'countersign';
  const [databaseUrl, keysFile] = [postgres.urlOf(database), join(folder, 'keys.json')];
  const { env, applicationId, clientSecret } = await setUp({ databaseUrl, keysFile, bot });
  const nodeArguments = profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`] : [];
  const service = await startService(
    { ...env, DATABASE_POOL_SIZE: String(POOL_SIZE) },
    { cores, nodeArguments },
  );
  const { port, gatewayPort, cpuSeconds, stop } = service;
  return {
    port,
    ports: { gatewayCheck: gatewayPort, gatewayInitData: gatewayPort },
    client: countersignClient({ applicationId, clientSecret }),
    ...{ database, applicationName: 'countersign', cpuSeconds, stop },
  };
}
