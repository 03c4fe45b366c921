import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Of a hundred webhooks that get an error first, or no answer. */
const TROUBLED = 4;

/** Milliseconds at most, so that there is always something in flight. */
const LONGEST_ANSWER = 60;

/** Counts webhooks. */
export class WebhookReceiver {
  /** Of the events. */
  ids = new Set();
  received = 0;
  #random;
  #server = createServer((request, response) => void this.#receive(request, response));

  constructor(random) {
    this.#random = random;
  }

  /** @param {import('./random.mjs').Random} random */
  static async start(random) {
    const receiver = new WebhookReceiver(random);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  /** Different ones. */
  get count() {
    return this.ids.size;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #receive(request, response) {
    try {
      for await (const _ of request);
      if (this.#random.next() * 100 < TROUBLED) {
        if (this.#random.next() < 0.5) response.writeHead(500).end();
        else response.destroy();
        return;
      }
      this.received += 1;
      this.ids.add(request.headers['webhook-id']);
      await wait(this.#random.next() * LONGEST_ANSWER);
      response.writeHead(204).end();
    } catch {
      // A replica was killed while it sent.
      response.destroy();
    }
  }
}
