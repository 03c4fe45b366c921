import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Answers of the server after which a connection surely listens: its handshake is through, and a heartbeat. */
const ENOUGH_ANSWERS = 6;

/** The way to the database for notifications alone, on which packets can be lost. */
export class Network {
  #target;
  #server;
  #isSilent = false;
  /** @type {Map<import('node:net').Socket, { socket: import('node:net').Socket, answers: number }>} */
  #connections = new Map();

  constructor(target) {
    this.#target = new URL(target);
  }

  /** @param {string} url of the database */
  static async start(url) {
    const network = new Network(url);
    network.#server = createServer((client) => network.#accept(client)).listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  /** The URL of the database through this network. */
  get url() {
    const url = new URL(this.#target);
    url.port = String(this.#server.address().port);
    return url.href;
  }

  /** Connections that have been answered since they began, and can be. */
  get liveConnections() {
    return [...this.#connections.values()].filter(({ answers }) => answers >= ENOUGH_ANSWERS).length;
  }

  /** Packets are lost from now on: connections stay, also new ones are taken, and nothing comes through. */
  blackHole() {
    this.#isSilent = true;
    for (const [client, connection] of this.#connections) {
      connection.answers = Number.NEGATIVE_INFINITY;
      client.unpipe().pause();
      connection.socket?.unpipe().pause();
    }
  }

  /** New connections come through again; those of before are gone, at the server too, whose places are not without end. */
  restore() {
    this.#isSilent = false;
    for (const [client, { answers, socket }] of this.#connections) {
      if (answers >= 0) continue;
      client.destroy();
      socket?.destroy();
    }
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const [client, { socket }] of this.#connections) {
      client.destroy();
      socket?.destroy();
    }
    await closed;
  }

  #accept(client) {
    const connection = { socket: null, answers: this.#isSilent ? Number.NEGATIVE_INFINITY : 0 };
    this.#connections.set(client, connection);
    client.on('error', () => undefined);
    client.on('close', () => {
      this.#connections.delete(client);
      connection.socket?.destroy();
    });
    if (this.#isSilent) {
      client.pause();
      return;
    }
    const socket = connect(Number(this.#target.port), this.#target.hostname);
    connection.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => client.destroy());
    socket.on('data', () => (connection.answers += 1));
    client.pipe(socket).pipe(client);
  }
}
