import { randomBytes } from 'node:crypto';
import { oidcProviderClient } from '../clients/oidc-provider.mjs';
import { startPeer } from './peer.mjs';

/** @param {{ postgres: import('../machine/postgres.mjs').Postgres, cores: number[] | undefined }} options */
export function startOidcProviderInMemory({ postgres, cores }) {
  return start({ postgres, cores });
}

/** @param {{ postgres: import('../machine/postgres.mjs').Postgres, cores: number[] | undefined }} options */
export function startOidcProviderOnPostgres({ postgres, cores }) {
  return start({ postgres, database: 'bench_oidc_provider', cores });
}

async function start(options) {
  const client = { clientId: 'bench', clientSecret: randomBytes(32).toString('base64url') };
  const env = { CLIENT_ID: client.clientId, CLIENT_SECRET: client.clientSecret };
  return {
    ...(await startPeer('oidc-provider-server.mjs', { ...options, env })),
    client: oidcProviderClient(client),
  };
}
