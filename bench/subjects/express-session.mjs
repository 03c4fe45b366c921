import { expressSessionClient } from '../clients/express-session.mjs';
import { startPeer } from './peer.mjs';

/** @param {{ postgres: import('../machine/postgres.mjs').Postgres, cores: number[] | undefined }} options */
export async function startExpressSession(options) {
  const peer = await startPeer('express-session-server.mjs', {
    ...options,
    database: 'bench_express_session',
  });
  return { ...peer, client: expressSessionClient };
}
