import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { freePort, startServer, type Server } from './program';

/** A Redis that keeps nothing on disk and asks for a password; it can be taken away and given back on its port. */
export class RedisServer {
  private constructor(
    readonly port: number,
    readonly password: string,
    private server: Server | null,
  ) {}

  static async start(password: string): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), password, null);
    await redis.restore();
    return redis;
  }

  get url(): string {
    return `redis://:${this.password}@127.0.0.1:${this.port}/3`;
  }

  /** The server is killed; what it knew is gone. */
  async kill(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }

  /** While it is killed: something takes connections on its port and hangs up, until that many have come. */
  async hangUpOn(connections: number): Promise<void> {
    const impostor = createServer((socket) => {
      socket.destroy();
      if ((connections -= 1) === 0) impostor.close();
    });
    impostor.listen(this.port, '127.0.0.1');
    await once(impostor, 'close');
  }

  async restore(): Promise<void> {
    this.server ??= await startServer(
      'redis-server',
      [
        ...['--bind', '127.0.0.1', '--port', String(this.port)],
        ...['--save', '', '--appendonly', 'no', '--requirepass', this.password],
      ],
      this.port,
    );
  }

  /** The process sleeps while `work` runs: its kernel still takes connections, and nothing is answered. */
  async whileHung<T>(work: () => Promise<T>): Promise<T> {
    const info = await this.ask((client) => client.info('server'));
    const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
    process.kill(pid, 'SIGSTOP');
    try {
      return await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  /** As an operator, on a connection of its own. */
  async ask<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url);
    try {
      return await command(client);
    } finally {
      client.disconnect();
    }
  }
}
