import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { readAnswer } from './http-text.mjs';

/**
 * A request as text, and what is wrong with its answer: null when nothing is. A supply gives null when there are no more.
 *
 * @typedef {{ text: string, check: (status: number, body: string, head: string) => string | null }} Exchange
 * @typedef {() => Exchange | null} Supply
 *
 * @typedef {{ count: number, seconds: number, latencies: number[], busy: number, isExhausted: boolean }} Run latencies in
 *   milliseconds; the share of the time that this process computed: at 1 the generator is the limit; whether the supply ended
 */

/** Keep-alive connections, each with one request on its way at a time. */
export class Connections {
  /** @type {Connection[]} */
  #connections;

  constructor(connections) {
    this.#connections = connections;
  }

  static async open(port, count) {
    return new Connections(await Promise.all(Array.from({ length: count }, () => Connection.open(port))));
  }

  async send({ text, check }) {
    const answer = await new Promise((resolve, reject) => {
      this.#connections[0].send(text, resolve, reject);
    });
    const problem = check(answer.status, answer.body, answer.head);
    if (problem) throw new Error(problem);
    return answer;
  }

  /**
   * Keeps every connection busy until the time is up or the supply is. With a `rate`, in requests per second, the loop is
   * open: latencies count from the moment at which a request was due, so that a stall counts for all that it delays.
   *
   * @returns {Promise<Run>}
   */
  run(supply, seconds, rate = Infinity) {
    const idle = [];
    // Those that have waited longest first, so that none is closed for being idle.
    const ticker = setInterval(() => {
      for (const go of idle.splice(0)) go();
    }, 1);
    const running = new Promise((resolve, reject) => {
      const latencies = [];
      const cpu = process.cpuUsage();
      const start = performance.now();
      const deadline = start + seconds * 1000;
      let isExhausted = false;
      let [issued, waiting, end] = [0, 0, start];

      const next = (connection) => {
        const now = performance.now();
        const due = rate === Infinity ? now : start + (issued / rate) * 1000;
        if (due > now && due < deadline) {
          idle.push(() => next(connection));
          return;
        }
        const exchange = due < deadline ? supply() : null;
        if (exchange) {
          issued += 1;
          waiting += 1;
          connection.send(exchange.text, (answer) => receive(connection, exchange, due, answer), reject);
          return;
        }
        isExhausted ||= due < deadline;
        if (waiting === 0) finish();
      };
      const receive = (connection, exchange, due, answer) => {
        end = performance.now();
        latencies.push(end - due);
        waiting -= 1;
        const problem = exchange.check(answer.status, answer.body, answer.head);
        if (problem) reject(new Error(problem));
        else next(connection);
      };
      const finish = () => {
        const { user, system } = process.cpuUsage(cpu);
        const elapsed = (end - start) / 1000;
        const busy = (user + system) / 1e6 / elapsed;
        resolve({ count: latencies.length, seconds: elapsed, latencies, busy, isExhausted });
      };
      for (const connection of this.#connections) next(connection);
    });
    return running.finally(() => clearInterval(ticker));
  }

  close() {
    for (const connection of this.#connections) connection.close();
  }
}

class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #onAnswer = null;
  #onFailure = null;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the subject closed a connection')));
  }

  static async open(port) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(text, onAnswer, onFailure) {
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
    this.#socket.write(text, 'utf8');
  }

  close() {
    this.#onFailure = null;
    this.#socket.destroy();
  }

  #receive(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let answer;
    try {
      answer = readAnswer(this.#received);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!answer) return;
    this.#received = Buffer.alloc(0);
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    if (onAnswer) onAnswer(answer);
    else this.#fail(new Error('there was an answer without a request'));
  }

  #fail(error) {
    this.#onFailure?.(error);
  }
}

/** Gives each exchange out once. @param {Exchange[]} exchanges @returns {Supply} */
export function oneByOne(exchanges) {
  let index = 0;
  return () => exchanges[index++] ?? null;
}
