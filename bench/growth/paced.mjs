import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Connections } from '../load/connections.mjs';

/** Milliseconds between two looks at what is due. */
const TICK = 1;

/** An open loop: requests at a fixed rate, over keep-alive connections to both ports of a service. */
export class Paced {
  #idle;
  #all;

  constructor(main, gateway) {
    this.#idle = { main: [...main], gateway: [...gateway] };
    this.#all = [...main, ...gateway];
  }

  /** `count`: of connections to each port. */
  static async open({ port, gatewayPort }, count) {
    const open = (to) => Promise.all(Array.from({ length: count }, () => Connections.open(to, 1)));
    const [main, gateway] = await Promise.all([open(port), open(gatewayPort)]);
    return new Paced(main, gateway);
  }

  /** @returns {Promise<number>} answers per second with as many requests at a time as there are connections to a port */
  async maxRate(next, seconds) {
    const most = this.#all.length / 2;
    const latencies = await this.run({ rate: Infinity, most, isOver: after(seconds), next });
    return latencies.length / seconds;
  }

  /**
   * `rate`: requests per second; `Infinity` has `most` of them in flight; `most`: requests in flight. @returns
   * latencies in milliseconds since a request was due: a stall counts for all that it delays
   */
  async run({ rate, most = Infinity, isOver, next }) {
    const start = performance.now();
    const waiting = { main: [], gateway: [] };
    const latencies = [];
    let [issued, inFlight, failure] = [0, 0, null];

    const send = (port) => {
      while (waiting[port].length > 0 && this.#idle[port].length > 0) {
        const { exchange, due } = waiting[port].shift();
        // Those that have waited longest first, so that none is closed for being idle.
        const connection = this.#idle[port].shift();
        if (!connection.areOpen) {
          failure ??= new Error('the service closed a connection');
          return;
        }
        const answered = () => {
          this.#idle[port].push(connection);
          inFlight -= 1;
          latencies.push(performance.now() - due);
          if (rate === Infinity) issue();
          send(port);
        };
        const failed = (error) => {
          inFlight -= 1;
          failure ??= error;
        };
        connection.send(exchange).then(answered, failed);
      }
    };
    const issue = () => {
      const now = performance.now();
      const isDue = () => (rate === Infinity ? inFlight < most : issued < ((now - start) / 1_000) * rate);
      while (!failure && !isOver() && isDue()) {
        const due = rate === Infinity ? now : start + (issued / rate) * 1_000;
        const { exchange, isAtGateway = false } = next();
        const port = isAtGateway ? 'gateway' : 'main';
        issued += 1;
        inFlight += 1;
        waiting[port].push({ exchange, due });
        send(port);
      }
    };
    for (; !failure && !isOver(); await wait(TICK)) issue();
    while (!failure && inFlight > 0) await wait(TICK);
    if (failure) throw failure;
    return latencies;
  }

  close() {
    for (const connection of this.#all) connection.close();
  }
}

/** `whether`: they have passed since now. */
export function after(seconds) {
  const end = performance.now() + seconds * 1_000;
  return () => performance.now() >= end;
}
