import type { Countersign } from './types.js';

/** Ends the request, which is never sent. */
const DONE = new Error();

/**
 * Returns subprotocols that show the session to the gateway when a WebSocket opens. Offer them after one of the
 * service's: `new WebSocket(url, ['orders.v1', ...(await webSocketProtocols(countersign, url))])`. They serve one
 * attempt, because a proof of a device key is accepted once. The list is empty without a session, and for origins that
 * get no token.
 * @throws CountersignError `local.unreachable` if the session could not be renewed
 */
export async function webSocketProtocols(
  client: Pick<Countersign, 'fetch'>,
  url: string | URL,
): Promise<string[]> {
  const protocols: string[] = [];
  // A proof names the HTTP address. This request only yields its headers and is not sent.
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
