import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** Sees bytes before they go on. @returns false for bytes that get lost; a promise holds them until it resolves */
export type Tap = (
  bytes: Buffer,
  direction: 'to-server' | 'to-client',
  connection: Socket,
) => boolean | Promise<boolean>;

/** A network between a client and a server, which can be taken away in two ways and given back. */
export class TcpProxy {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private isSilent = false;
  private isMachineGone = false;
  private port = 0;
  /** What sees the bytes from now on. */
  tap: Tap = () => true;

  private constructor(private readonly target: URL) {}

  /** @param url of the server, with host and port. */
  static async start(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    await proxy.restore();
    return proxy;
  }

  /** The URL of the server through this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** The server is gone: its connections are reset (or closed where they end: libuv resets none of these), new ones refused. */
  async cut(): Promise<void> {
    for (const socket of this.sockets) socket[socket.writableEnded ? 'destroy' : 'resetAndDestroy']();
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  /** Packets are lost: connections stay, also new ones are taken, and nothing comes through for ever. */
  blackHole(): void {
    this.isSilent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** The client's machine is gone: the server hears no end of its connections. */
  vanish(): void {
    this.isMachineGone = true;
    this.blackHole();
  }

  /** New connections come through again. Those that were lost in the black hole stay lost. */
  async restore(): Promise<void> {
    this.isSilent = false;
    this.isMachineGone = false;
    if (this.server) return;
    this.server = createServer((client) => {
      this.accept(client);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private accept(client: Socket): void {
    this.track(client);
    if (this.isSilent) {
      client.pause();
      return;
    }
    const upstream = connect(Number(this.target.port), this.target.hostname);
    this.track(upstream);
    const tapped = (direction: Parameters<Tap>[1]): Transform =>
      new Transform({
        transform: (bytes: Buffer, _, done) => {
          const pass = (isKept: boolean): void => done(null, isKept ? bytes : undefined);
          const kept = this.tap(bytes, direction, client);
          if (kept instanceof Promise) void kept.then(pass);
          else pass(kept);
        },
      });
    client.pipe(tapped('to-server')).pipe(upstream).pipe(tapped('to-client')).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('close', () => {
        if (!this.isMachineGone) other.destroy();
      });
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }
}
