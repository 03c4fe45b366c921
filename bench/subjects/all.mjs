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
 * A system under test, with the keys of the operations that it supports. A peer has its packages in `bench/peers`; one without
 * users answers what the service answered; `isPaced`: measured at half of its rate too.
 *
 * @typedef {{ name: string, operations: string[], isPeer?: boolean, hasUsers?: boolean, isPaced?: boolean,
 *   start: (options: object) => Promise<object> }} Definition
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'readMe', 'refresh', 'logout'];
/** The minimal server has no applications. */
const NO_APPLICATION = '00000000-0000-7000-8000-000000000000';

export const countersign = {
  name: 'Countersign',
  operations: [...ALL, 'gatewayInitData', 'introspection'],
  hasUsers: true,
  isPaced: true,
  start: startCountersign,
};

export const betterAuth = {
  name: 'better-auth',
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
  isPeer: true,
  hasUsers: true,
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
  hasUsers: true,
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
  hasUsers: true,
  start: ({ bot, ...options }) =>
    startProgram('minimal-server.mjs', {
      ...{ ...options, database: 'bench_minimal' },
      schema: readFileSync(new URL('minimal-schema.sql', import.meta.url), 'utf8'),
      env: { BOT_TOKEN: bot.token, TELEGRAM_KEY: bot.publicKeyHex },
      client: countersignClient({ applicationId: NO_APPLICATION }),
    }),
};

/** Answers 200 to the gateway's request, without a check. */
export const bareFastify = {
  name: 'Fastify',
  operations: ['gatewayCheck'],
  start: ({ cores }) => startProgram('fastify-server.mjs', { cores }),
};

/** The upper limit: reads the request and answers as many bytes as the service. */
export const bareNode = {
  name: 'node:http',
  operations: [...ALL, 'introspection'],
  start: ({ answers, cores }) =>
    startProgram('bare-server.mjs', { env: { ANSWERS: JSON.stringify(answers) }, cores }),
};

/** The service first, then the others from most to least work. */
export const suite = [countersign, betterAuth, oidcProvider, minimal, bareFastify, bareNode];

/** Starts a program of one file, with a database of its own if it wants one. It sends its port when it is ready. */
async function startProgram(file, { postgres, database, schema, env = {}, cores, client }) {
  const ofDatabase = {};
  if (database) {
    await postgres.createDatabase(database);
    if (schema) await postgres.execute(database, schema);
    ofDatabase.DATABASE_URL = postgres.urlOf(database);
    ofDatabase.POOL_SIZE = String(POOL_SIZE);
    ofDatabase.APPLICATION_NAME = database;
  }
  const node = startNode([fileURLToPath(new URL(file, import.meta.url))], {
    env: { NODE_ENV: 'production', ...ofDatabase, ...env },
    cores,
    hasChannel: true,
  });
  const { port } = await node.firstMessage();
  const named = database ? { database, applicationName: database } : {};
  return { port, cpuSeconds: node.cpuSeconds, stop: node.stop, client, ...named };
}
