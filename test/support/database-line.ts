import { TcpProxy } from './tcp-proxy';
import type { TestDatabase } from './test-database';

/** All that leads from the service to its database: with a pooler, the way through it and the one around it. */
export class DatabaseLine {
  private constructor(
    /** The database at the end of this line. */
    readonly database: TestDatabase,
    private readonly proxies: readonly TcpProxy[],
  ) {}

  static async start(database: TestDatabase): Promise<DatabaseLine> {
    const pooled = await TcpProxy.start(database.url);
    const direct = database.directUrl === database.url ? pooled : await TcpProxy.start(database.directUrl);
    const proxies = direct === pooled ? [pooled] : [pooled, direct];
    return new DatabaseLine({ ...database, url: pooled.url, directUrl: direct.url }, proxies);
  }

  /** The server is gone: its connections are reset, new ones refused. */
  async cut(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.cut()));
  }

  /** Packets are lost: connections stay, also new ones are taken, and nothing comes through for ever. */
  blackHole(): void {
    for (const proxy of this.proxies) proxy.blackHole();
  }

  /** New connections come through again. Those that were lost in the black hole stay lost. */
  async restore(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.restore()));
  }
}
