import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Answers of the server after which a connection surely listens: its handshake is through, and a heartbeat. */
const ENOUGH_ANSWERS = 7;

/** A way to the database, on which packets can be lost. The server hears nothing of that: its side stays open. */
export class Network {
  #target;
  #server;
  #isSilent = false;
  /** @type {Map<import('node:net').Socket, { socket: import('node:net').Socket, answers: number }>} */
  #connections = new Map();
  /** Sockets to the server whose clients cannot be heard any more. */
  #left = new Set();
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
    for (const [client, connection] of this.#connections) this.#lose(client, connection);
  }

  /** New connections come through again. Whoever is back tells the server that it knows nothing of those of before. */
  restore() {
    this.#isSilent = false;
    for (const [client, { answers, socket }] of this.#connections) {
      if (answers >= 0) continue;
      client.destroy();
      socket?.destroy();
    }
    this.#closeLeft();
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const [client, { socket }] of this.#connections) {
      client.destroy();
      socket?.destroy();
    }
    this.#closeLeft();
    await closed;
  }

  #closeLeft() {
    for (const socket of this.#left) socket.destroy();
    this.#left.clear();
  }

  #lose(client, connection) {
    connection.answers = Number.NEGATIVE_INFINITY;
    connection.isLost = true;
    client.pause();
    connection.socket?.pause();
    if (connection.socket) this.#left.add(connection.socket);
  }

  #accept(client) {
    const connection = {
      socket: null,
      answers: this.#isSilent ? Number.NEGATIVE_INFINITY : 0,
      isLost: false,
    };
    this.#connections.set(client, connection);
    client.on('error', () => undefined);
    client.on('close', () => {
      this.#connections.delete(client);
      if (!connection.isLost) connection.socket?.destroy();
    });
    if (this.#isSilent) {
      client.pause();
      return;
    }
    const socket = connect(Number(this.#target.port), this.#target.hostname);
    connection.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#left.delete(socket);
      client.destroy();
    });
    client.on('data', (chunk) => {
      if (!connection.isLost) socket.write(chunk);
    });
    socket.on('data', (chunk) => {
      connection.answers += 1;
      if (!connection.isLost) client.write(chunk);
    });
  }
}
