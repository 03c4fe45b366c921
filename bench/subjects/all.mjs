import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { betterAuthClient } from '../clients/better-auth.mjs';
import { countersignClient } from '../clients/countersign.mjs';
import { oidcProviderClient } from '../clients/oidc-provider.mjs';
import { startNode } from '../machine/child.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { startCountersign } from './countersign.mjs';

/**
 * A system under test, with the keys of the operations that it supports. A peer has its packages in `bench/peers`; `isPaced`:
 * measured at half of its rate too.
 *
 * @typedef {{ name: string, operations: string[], isPeer?: boolean, isPaced?: boolean,
 *   start: (options: object) => Promise<object> }} Definition
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'readMe', 'refresh', 'logout'];
/** The minimal server has no applications. */
const NO_APPLICATION = '00000000-0000-7000-8000-000000000000';

export const countersign = {
  name: 'Countersign',
  operations: [...ALL, 'gatewayInitData', 'introspection'],
  isPaced: true,
  start: startCountersign,
};

export const betterAuth = {
  name: 'better-auth',
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
  isPeer: true,
  start: ({ bot, ...options }) =>
    startProgram('../peers/better-auth-server.mjs', {
      ...options,
      ...{ env: { BOT_TOKEN: bot.token }, database: 'bench_better_auth', client: betterAuthClient },
    }),
};

export const oidcProvider = {
  name: 'oidc-provider on PostgreSQL',
  operations: ['introspection', 'refresh', 'logout'],
  isPeer: true,
  start: (options) => {
    const [clientId, clientSecret] = ['bench', randomBytes(32).toString('base64url')];
    return startProgram('../peers/oidc-provider-server.mjs', {
      ...{ ...options, database: 'bench_oidc_provider' },
      env: { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
      client: oidcProviderClient({ clientId, clientSecret }),
    });
  },
};

/**
 * Both checks of the init data, one user and one session, durably, by `node:http` and `pg`: the minimal equivalent work,
 * without sealing, audit, replay guard and cache.
 */
export const minimal = {
  name: 'node:http + pg',
  operations: ALL,
  start: ({ bot, ...options }) =>
    startProgram('minimal-server.mjs', {
      ...{ ...options, database: 'bench_minimal' },
      schema: readFileSync(new URL('minimal-schema.sql', import.meta.url), 'utf8'),
      env: { BOT_TOKEN: bot.token, TELEGRAM_KEY: bot.publicKeyHex },
      client: countersignClient({ applicationId: NO_APPLICATION }),
    }),
};

/** The service first, then the others from most to least work. */
export const suite = [countersign, betterAuth, oidcProvider, minimal];

/** Starts a program of one file, with a database of its own. It sends its port when it is ready. */
async function startProgram(file, { postgres, database, schema, env = {}, cores, client }) {
  await postgres.createDatabase(database);
  if (schema) await postgres.execute(database, schema);
  const ofDatabase = {
    DATABASE_URL: postgres.urlOf(database),
    POOL_SIZE: String(POOL_SIZE),
    APPLICATION_NAME: database,
  };
  const node = startNode([fileURLToPath(new URL(file, import.meta.url))], {
    env: { NODE_ENV: 'production', ...ofDatabase, ...env },
    cores,
    hasChannel: true,
  });
  const { port } = await node.firstMessage();
  const { cpuSeconds, stop } = node;
  return { port, cpuSeconds, stop, client, database, applicationName: database };
}
