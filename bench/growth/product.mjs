import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';

const require = createRequire(import.meta.url);
require('reflect-metadata');

const part = (path) => require(inClone('dist', `${path}.js`));

/** The parts of the product that rows are made by, as they were built. */
export const product = {
  ...part('libs/applications/src/settings/application.settings'),
  ...part('libs/auth/src/index'),
  ...part('libs/clock/src/clock'),
  ...part('libs/crypto/src/index'),
  ...part('libs/sessions/src/deadlines'),
  ...part('libs/sessions/src/rotation'),
  ...part('libs/sessions/src/session-tokens'),
  ...part('libs/sessions/src/store/session.columns'),
  ...part('libs/users/src/data-keys'),
  ...part('libs/users/src/identity-digests'),
  ...part('libs/users/src/identity-values'),
  ...part('libs/users/src/profile-sealing'),
  ...part('libs/users/src/user.columns'),
};

/**
 * The whole service without its ports, on the database of `environment`; background jobs run only when they are called.
 *
 * @param {Record<string, string>} environment
 */
export async function openContext(environment) {
  const { NestFactory } = require('@nestjs/core');
  const { AppModule } = part('apps/api/src/app.module');
  const { readConfiguration } = part('libs/config/src/index');
  const { createLogger, NestLogger } = part('libs/observability/src/index');
  const { DayPartitions } = part('libs/database/src/day-partitions');
  const { SessionsRepository } = part('libs/sessions/src/store/sessions.repository');
  const { SessionUpkeep } = part('libs/sessions/src/bulk/session-upkeep');
  const { ProofUpkeep } = part('libs/auth/src/replay/proof-upkeep');

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
