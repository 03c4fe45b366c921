import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Certificate } from './certificates';

export interface Receiver {
  readonly port: number;
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Connections that are open. */
  readonly open: number;
}

const started = new Set<() => Promise<void>>();

/** Stops all receivers, with their connections. */
export async function stopReceivers(): Promise<void> {
  await Promise.all([...started].map((stop) => stop()));
  started.clear();
}

/** An HTTP server on 127.0.0.1. */
export function httpReceiver(listener: RequestListener): Promise<Receiver> {
  return listening(createServer(listener));
}

export function httpsReceiver(
  { certificate, key }: Certificate,
  listener: RequestListener,
): Promise<Receiver> {
  return listening(createSecureServer({ cert: certificate, key }, listener));
}

/** A TCP server on 127.0.0.1 that speaks HTTP as it likes. */
export function tcpReceiver(onConnection: (socket: Socket) => void): Promise<Receiver> {
  return listening(
    createTcpServer((socket) => {
      // A socket that is not read does not notice its end.
      socket.resume();
      onConnection(socket);
    }),
  );
}

async function listening(server: Server): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that does not like the certificate is what the test is about.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  started.add(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
  };
}
