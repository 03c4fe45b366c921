import type { Countersign } from './types.js';

/** Ends the request that is not sent. */
const DONE = new Error();

/**
 * Subprotocols that show the session to the gateway when a WebSocket opens: offer them after one of the service's,
 * `new WebSocket(url, ['orders.v1', ...(await webSocketProtocols(countersign, url))])`. For one attempt: a proof of a
 * device key is accepted once. Empty without a session, and for origins that get no token.
 * @throws CountersignError `local.unreachable` when the session could not be renewed
 */
export async function webSocketProtocols(
  client: Pick<Countersign, 'fetch'>,
  url: string | URL,
): Promise<string[]> {
  const protocols: string[] = [];
  // Proofs name the address as one of HTTP. Its request is not sent, only asked for its headers.
  const address = String(url).replace(/^ws/, 'http');
  await client
    .fetch(address, {}, ({ headers }) => {
      const [, token] = headers.get('Authorization')?.split(' ') ?? [];
      const proof = headers.get('DPoP');
      if (token) protocols.push(`countersign.token.${token}`);
      if (proof) protocols.push(`countersign.dpop.${proof}`);
      return Promise.reject(DONE);
    })
    .catch((error: unknown) => {
      if (error !== DONE) throw error;
    });
  return protocols;
}
