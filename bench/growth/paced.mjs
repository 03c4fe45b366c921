import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Connections } from '../load/connections.mjs';

/** Milliseconds between two looks at who is due. */
const TICK = 1;

/**
 * An answer.
 *
 * @typedef {object} Answered
 * @property {number} at milliseconds since the first request was due
 * @property {number} latency milliseconds since its own request was due: a stall counts for all that it delays
 */

/** Asks at a rate of its own, however long answers take, over keep-alive connections to both ports of a service. */
export class Paced {
  #idle;
  #all;

  constructor(main, gateway) {
    this.#idle = { main: [...main], gateway: [...gateway] };
    this.#all = [...main, ...gateway];
  }

  /** @param {import('../product/service.mjs').Service} service @param {number} count of connections to each port */
  static async open({ port, gatewayPort }, count) {
    const open = (to) => Promise.all(Array.from({ length: count }, () => Connections.open(to, 1)));
    const [main, gateway] = await Promise.all([open(port), open(gatewayPort)]);
    return new Paced(main, gateway);
  }

  /**
   * @param {object} options
   * @param {number} options.rate requests per second; `Infinity` keeps `most` of them on their way
   * @param {number} [options.most] requests on their way at a time
   * @param {() => boolean} options.isOver
   * @param {() => { exchange: import('../load/connections.mjs').Exchange, isAtGateway?: boolean }} options.next
   * @param {(answered: Answered) => void} options.onAnswer
   * @throws Error with the first answer that is not right
   */
  async run({ rate, most = Infinity, isOver, next, onAnswer }) {
    const start = performance.now();
    const waiting = { main: [], gateway: [] };
    let [issued, underWay, failure] = [0, 0, null];

    const send = (door) => {
      while (waiting[door].length > 0 && this.#idle[door].length > 0) {
        const { exchange, due } = waiting[door].shift();
        // Those that have waited longest first, so that none is closed for doing nothing.
        const connection = this.#idle[door].shift();
        if (!connection.areOpen) {
          failure ??= new Error('the service closed a connection');
          return;
        }
        connection.send(exchange).then(
          () => {
            const now = performance.now();
            this.#idle[door].push(connection);
            underWay -= 1;
            onAnswer({ at: due - start, latency: now - due });
            if (rate === Infinity) issue();
            send(door);
          },
          (error) => {
            underWay -= 1;
            failure ??= error;
          },
        );
      }
    };
    const issue = () => {
      const now = performance.now();
      const isDue = () => (rate === Infinity ? underWay < most : issued < ((now - start) / 1_000) * rate);
      while (!failure && !isOver() && isDue()) {
        const due = rate === Infinity ? now : start + (issued / rate) * 1_000;
        const { exchange, isAtGateway = false } = next();
        const door = isAtGateway ? 'gateway' : 'main';
        issued += 1;
        underWay += 1;
        waiting[door].push({ exchange, due });
        send(door);
      }
    };
    while (!failure && !isOver()) {
      issue();
      await wait(TICK);
    }
    while (!failure && underWay > 0) await wait(TICK);
    if (failure) throw failure;
  }

  close() {
    for (const connection of this.#all) connection.close();
  }
}

/** @param {number} seconds @returns {() => boolean} whether they have passed since now */
export function after(seconds) {
  const end = performance.now() + seconds * 1_000;
  return () => performance.now() >= end;
}
