import type { DeviceKey } from './types.js';
import type { Token } from './wire.js';

/**
 * The subprotocols by which a WebSocket shows a token, and the proof of its key.
 * @param address of the WebSocket, as `http:` or `https:`: proofs name it so
 */
export async function protocolsOf(
  address: string,
  { accessToken }: Token,
  key: DeviceKey | null,
): Promise<string[]> {
  const protocols = [`countersign.token.${accessToken}`];
  // The request is not sent: it is asked for its proof.
  await key?.send(new Request(address), accessToken, (proven) => {
    protocols.push(`countersign.dpop.${(proven as Request).headers.get('DPoP') as string}`);
    return Promise.resolve(new Response());
  });
  return protocols;
}
