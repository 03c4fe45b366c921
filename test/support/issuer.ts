import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { freePort } from '@countersign/private-postgres';
import type { TestApp } from './test-app';
import { useFixture } from './use-fixture';
import { useTestApp } from './use-test-app';

/** An application that programs outside of the test reach at its public URL. */
export interface Issuer {
  readonly app: TestApp;
  readonly url: string;
}

/** It has to know its port before it listens. @param more of its environment */
export function useIssuer(more: (url: string) => Readonly<Record<string, string>> = () => ({})): Issuer {
  const at = useFixture(async () => ({ port: await freePort() }));
  const urlOf = (): string => `http://127.0.0.1:${at.port}`;
  const app = useTestApp(() => ({ environment: { PUBLIC_URL: urlOf(), ...more(urlOf()) } }));
  useFixture(() => forward(at.port, app), { close: (server) => server.close() });
  return {
    app,
    get url() {
      return urlOf();
    },
  };
}

async function forward(port: number, app: TestApp): Promise<Server> {
  const server = createServer((socket) => {
    const service = connect(app.port, '127.0.0.1');
    for (const each of [socket, service]) each.on('error', () => undefined);
    socket.pipe(service).pipe(socket);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
