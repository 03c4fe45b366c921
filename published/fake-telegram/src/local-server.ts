import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const MAX_BODY_BYTES = 65_536;

/** Listens for HTTP on 127.0.0.1. */
export abstract class LocalServer {
  private server: Server | null = null;

  /** @param port 0 chooses a free port */
  constructor(private port: number) {}

  protected abstract serve(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** The server's URL, without a slash at the end. @throws Error before the first start */
  get issuer(): string {
    if (this.port === 0) throw new Error('the fake Telegram has not been started');
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens. After a stop it uses the same port again. @throws Error with the code EADDRINUSE if the port is taken */
  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Ends all connections, also of requests without an answer. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

/** @throws RangeError if the body is larger than 64 KiB */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the body is larger than 64 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
