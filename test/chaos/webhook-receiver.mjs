import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Of a hundred webhooks that get an error first, or no answer. */
const TROUBLED = 4;

/** Milliseconds at most, so that there is always something in flight. */
const LONGEST_ANSWER = 60;

/** Counts webhooks, and remembers in which order those of a subject came for the first time. */
export class WebhookReceiver {
  /** @type {Map<string, string[]>} ids by subject */
  bySubject = new Map();
  received = 0;
  #ids = new Set();
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
    return this.#ids.size;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #receive(request, response) {
    try {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      if (this.#random.next() * 100 < TROUBLED) {
        if (this.#random.next() < 0.5) response.writeHead(500).end();
        else response.destroy();
        return;
      }
      const id = request.headers['webhook-id'];
      const { userId } = JSON.parse(text).data;
      this.received += 1;
      if (!this.#ids.has(id)) {
        this.#ids.add(id);
        this.bySubject.set(userId, [...(this.bySubject.get(userId) ?? []), id]);
      }
      await wait(this.#random.next() * LONGEST_ANSWER);
      response.writeHead(204).end();
    } catch {
      // A replica was killed while it sent.
      response.destroy();
    }
  }
}
