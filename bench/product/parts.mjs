import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';

const require = createRequire(import.meta.url);
require('reflect-metadata');

export const part = (path) => require(inClone('dist', `${path}.js`));

/** The code of the product that makes rows, as it was built. */
export const product = {
  ...part('libs/identity/applications/src/settings/application.settings'),
  ...part('libs/identity/auth/src/index'),
  ...part('libs/platform/clock/src/clock'),
  ...part('libs/pure/crypto/src/index'),
  ...part('libs/identity/sessions/src/deadlines'),
  ...part('libs/identity/sessions/src/rotation'),
  ...part('libs/identity/sessions/src/session-tokens'),
  ...part('libs/identity/sessions/src/store/session.columns'),
  ...part('libs/identity/users/src/store/data-keys'),
  ...part('libs/identity/users/src/digests/identity-digests'),
  ...part('libs/identity/users/src/store/identity-values'),
  ...part('libs/identity/users/src/store/profile-sealing'),
  ...part('libs/identity/users/src/store/user.columns'),
};

/**
 * The whole service without its ports, on the database of `environment`; background jobs run only when they are
 * called.
 */
export async function openContext(environment) {
  const { NestFactory } = require('@nestjs/core');
  const { AppModule } = part('apps/api/src/app.module');
  const { readConfiguration } = part('libs/platform/config/src/index');
  const { createLogger, NestLogger } = part('libs/platform/observability/src/index');
  const { DayPartitions } = part('libs/platform/database/src/statements/day-partitions');
  const { SessionsRepository } = part('libs/identity/sessions/src/store/sessions.repository');
  const { SessionUpkeep } = part('libs/identity/sessions/src/bulk/session-upkeep');
  const { ProofUpkeep } = part('libs/identity/auth/src/replay/proof-upkeep');

  const logger = createLogger('fatal');
  const configuration = readConfiguration({ ...environment, JOBS: 'off' });
  const context = await NestFactory.createApplicationContext(AppModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const find = (type) => context.get(type, { strict: false });
  return {
    partitions: find(DayPartitions),
    sessionsRepository: find(SessionsRepository),
    sessionUpkeep: find(SessionUpkeep),
    proofUpkeep: find(ProofUpkeep),
    close: () => context.close(),
  };
}
