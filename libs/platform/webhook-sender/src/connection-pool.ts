import { Semaphore } from '@countersign/clock';
import type { AllowedTarget } from '@countersign/config';
import type { Client } from 'undici';
import UndiciClient from 'undici/lib/dispatcher/client.js';
import { checkedConnector } from './checked-connector';
import type { NameLookups } from './name-lookup';

/** How long an idle connection is kept when the receiver names a time in `Keep-Alive`. */
const MAX_IDLE_MS = 30_000;
const MAX_HEADER_BYTES = 16_384;

export interface PoolLimits {
  readonly connectionsPerOrigin: number;
  /** Origins whose idle connections are kept. */
  readonly origins: number;
  readonly idleMs: number;
}

/** One socket at a time, for one request at a time. */
export class Connection {
  readonly client: Client;
  /** Whether an earlier request was answered on the socket that is open. */
  isReused = false;
  /** Whether there is a connected socket. */
  isOpen = false;
  private readonly life = new AbortController();

  constructor(
    readonly origin: string,
    readonly allowed: readonly AllowedTarget[],
    { names, certificateAuthorities, idleMs }: ConnectionOptions,
    onClose: (connection: Connection) => void,
  ) {
    const { signal } = this.life;
    this.client = new UndiciClient(origin, {
      connect: checkedConnector({ names, allowed, signal, certificateAuthorities }),
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: MAX_IDLE_MS,
      // The deadline of the attempt covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('connect', () => (this.isOpen = true));
    this.client.on('disconnect', () => {
      this.isOpen = false;
      this.isReused = false;
      onClose(this);
    });
  }

  destroy(): void {
    this.life.abort();
    void this.client.destroy();
  }
}

interface ConnectionOptions {
  readonly names: NameLookups;
  readonly certificateAuthorities: string | null;
  readonly idleMs: number;
}

class Receiver {
  readonly permits: Semaphore;
  idle: Connection[] = [];

  constructor(connections: number) {
    this.permits = new Semaphore(connections);
  }

  /** The one that was used last, if it was opened under the same list. */
  takeIdle(allowed: readonly AllowedTarget[]): Connection | undefined {
    const connection = this.idle.pop();
    if (connection === undefined || connection.allowed === allowed) return connection;
    connection.destroy();
    return this.takeIdle(allowed);
  }

  destroyIdle(): void {
    for (const connection of this.idle.splice(0)) connection.destroy();
  }
}

/** Connections by origin. A receiver that does not answer holds connections and waiters of its own origin only. */
export class ConnectionPool {
  /** Ordered by last use. */
  private readonly receivers = new Map<string, Receiver>();

  constructor(private readonly options: ConnectionOptions & PoolLimits) {}

  /** Waits while the origin has as many connections in use as it may. Rejects with the signal's reason. */
  async acquire(origin: string, allowed: readonly AllowedTarget[], signal: AbortSignal): Promise<Connection> {
    const receiver = this.receiver(origin);
    await receiver.permits.acquire(signal);
    return receiver.takeIdle(allowed) ?? this.open(origin, allowed);
  }

  release(connection: Connection, isReusable: boolean): void {
    const receiver = this.receivers.get(connection.origin);
    if (!receiver) return connection.destroy();
    const giveBack = (): void => {
      receiver.permits.release();
      this.forgetUnused(connection.origin, receiver);
      this.evict();
    };
    if (isReusable && connection.isOpen) {
      connection.isReused = true;
      receiver.idle.push(connection);
      return giveBack();
    }
    connection.destroy();
    // Attempts that have the same deadline end first, and are not begun at their last moment.
    setImmediate(giveBack);
  }

  /** After a connection turned out to be closed: the others of its age are too. */
  destroyIdle(origin: string): void {
    this.receivers.get(origin)?.destroyIdle();
  }

  close(): void {
    for (const receiver of this.receivers.values()) receiver.destroyIdle();
    for (const [origin, receiver] of this.receivers) this.forgetUnused(origin, receiver);
  }

  private open(origin: string, allowed: readonly AllowedTarget[]): Connection {
    return new Connection(origin, allowed, this.options, (closed) => this.removeIdle(closed));
  }

  private receiver(origin: string): Receiver {
    const receiver = this.receivers.get(origin) ?? new Receiver(this.options.connectionsPerOrigin);
    this.receivers.delete(origin);
    this.receivers.set(origin, receiver);
    return receiver;
  }

  private removeIdle(connection: Connection): void {
    const receiver = this.receivers.get(connection.origin);
    const index = receiver?.idle.indexOf(connection) ?? -1;
    if (!receiver || index === -1) return;
    receiver.idle.splice(index, 1);
    connection.destroy();
    this.forgetUnused(connection.origin, receiver);
  }

  private forgetUnused(origin: string, receiver: Receiver): void {
    if (receiver.permits.isUnused && receiver.idle.length === 0) this.receivers.delete(origin);
  }

  /** Closes the idle connections of origins that were not used for longest. */
  private evict(): void {
    for (const [origin, receiver] of this.receivers) {
      if (this.receivers.size <= this.options.origins) return;
      receiver.destroyIdle();
      this.forgetUnused(origin, receiver);
    }
  }
}
