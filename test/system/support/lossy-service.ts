import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyService {
  readonly address: string;
  /** How often it was called. */
  readonly calls: () => number;
  stop(): Promise<void>;
}

/** Passes POST requests on to a service. The first one arrives there, and its answer is lost. */
export async function loseFirstAnswer(service: string): Promise<LossyService> {
  let calls = 0;
  const server = createServer((request, response) => {
    void (async () => {
      calls += 1;
      const isLost = calls === 1;
      const body = Buffer.concat((await request.toArray()) as Buffer[]);
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const answer = await fetch(service + (request.url ?? ''), {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body,
      });
      const text = await answer.text();
      if (isLost) response.destroy();
      else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    stop,
  };
}
