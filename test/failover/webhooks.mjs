import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { built } from '../../bench/product/built.mjs';

const { KeyRing, seal } = built('libs/pure/crypto/src');
const { generateSigningSecret } = built('libs/platform/webhook-sender/src');

/** Of a hundred webhooks that get an error first, or no answer. */
const TROUBLED = 4;

/** Milliseconds at most, so that there is always something in flight. */
const LONGEST_ANSWER = 60;

export class WebhookReceiver {
  /** Of the events. */
  ids = new Set();
  received = 0;
  #random;
  #server = createServer((request, response) => void this.#receive(request, response));

  constructor(random) {
    this.#random = random;
  }

  /** @param {import('../chaos/random.mjs').Random} random */
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

/** A receiver in trouble is tried again after minutes: attempts are due now, as if that time had passed. */
export async function hurry(cluster) {
  await cluster.query(
    `UPDATE webhook_deliveries SET due_at = now() WHERE state = 'pending' AND due_at > now() + interval '1 second'`,
  );
}

/** @returns {string[]} which events did not arrive */
export function compareArrivals(expected, receiver) {
  const lost = expected.filter(({ id }) => !receiver.ids.has(id));
  return lost.map(({ id }) => `event ${id} did not arrive`);
}

/** An endpoint of the operator for `session.opened`. */
export async function addEndpoint(cluster, url) {
  const ring = KeyRing.parse(readFileSync(cluster.keysFile, 'utf8'));
  const [id, secretId] = [randomUUID(), randomUUID()];
  await cluster.query(
    `INSERT INTO webhook_endpoints (id, name, url, types, status, created_at, updated_at)
     VALUES ($1, 'failover', $2, '{session.opened}', 'active', now(), now())`,
    [id, url],
  );
  const place = { table: 'webhook_secrets', column: 'secret', row: secretId };
  await cluster.query(
    `INSERT INTO webhook_secrets (id, endpoint_id, secret, created_at) VALUES ($1, $2, $3, now())`,
    [secretId, id, seal(ring.active('sealing'), place, generateSigningSecret())],
  );
  return id;
}
