import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { betterAuthClient } from '../clients/better-auth.mjs';
import { countersignClient } from '../clients/countersign.mjs';
import { expressSessionClient } from '../clients/express-session.mjs';
import { oidcProviderClient } from '../clients/oidc-provider.mjs';
import { startNode } from '../machine/child.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';

/** The minimal server has no applications. */
const NO_APPLICATION = '00000000-0000-7000-8000-000000000000';

/**
 * Both checks of the init data, one user and one session, durably, by `node:http` and `pg`: the minimal equivalent work,
 * without sealing, audit, replay guard and cache.
 */
export async function startMinimal({ bot, ...options }) {
  const schema = readFileSync(new URL('minimal-schema.sql', import.meta.url), 'utf8');
  const env = { BOT_TOKEN: bot.token, TELEGRAM_KEY: bot.publicKeyHex };
  const client = countersignClient({ applicationId: NO_APPLICATION });
  return start('minimal-server.mjs', { ...options, env, database: 'bench_minimal', schema, client });
}

/** The upper limit: a bare `node:http` that reads the request and answers as many bytes as the service. */
export function startBare({ answers, cores }) {
  return start('bare-server.mjs', { env: { ANSWERS: JSON.stringify(answers) }, cores });
}

/** A bare Fastify that answers 200 to the gateway's request, without a check. */
export function startFastify({ cores }) {
  return start('fastify-server.mjs', { cores });
}

export function startBetterAuth({ bot, ...options }) {
  const more = { env: { BOT_TOKEN: bot.token }, database: 'bench_better_auth', client: betterAuthClient };
  return start('../peers/better-auth-server.mjs', { ...options, ...more });
}

export function startExpressSession(options) {
  const more = { database: 'bench_express_session', client: expressSessionClient };
  return start('../peers/express-session-server.mjs', { ...options, ...more });
}

export function startOidcProviderInMemory(options) {
  const [clientId, clientSecret] = ['bench', randomBytes(32).toString('base64url')];
  const more = {
    env: { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
    client: oidcProviderClient({ clientId, clientSecret }),
  };
  return start('../peers/oidc-provider-server.mjs', { ...options, ...more });
}

export function startOidcProviderOnPostgres(options) {
  return startOidcProviderInMemory({ ...options, database: 'bench_oidc_provider' });
}

/** Starts a program of one file, with a database of its own if it wants one. It sends its port when it is ready. */
async function start(file, { postgres, database, schema, env = {}, cores, client }) {
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
