import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { built } from '../../../bench/product/built.mjs';
import { WebhookReceiver } from '../webhook-receiver.mjs';

const { KeyRing, seal } = built('libs/pure/crypto/src');
const { generateSigningSecret } = built('libs/platform/webhook-sender/src');

const ROUNDS = { full: 100, short: 3 };
const MEMBERS = 12;
/** Events of people who do not sign in, so that subjects have many. */
const SUBJECTS = 40;

/** Milliseconds. A killed replica has its leases for 40 seconds. */
const ARRIVAL_LIMIT = 120_000;
const POLL = 250;
/** Between two transactions of events. */
const GAP = 8;

/** One transaction of several events of a subject with their deliveries. With how many, the subject, and the endpoint. */
const WRITE = `
  WITH event AS (INSERT INTO events (occurred_at, id, type, subject, application_ids, data)
  SELECT clock_timestamp(), gen_random_uuid(), 'session.opened', $2, NULL,
    jsonb_build_object('userId', $2::text, 'sessionId', gen_random_uuid(), 'applicationId', gen_random_uuid(),
      'identityId', gen_random_uuid(), 'assurance', 'platform', 'door', 'telegram_init_data')
  FROM generate_series(1, $1::int) RETURNING *)
  INSERT INTO webhook_deliveries (endpoint_id, event_id, sequence, occurred_at, subject, type, state, attempts, due_at)
  SELECT $3, id, sequence, occurred_at, subject, type, 'pending', 0, occurred_at FROM event`;

/** @param {import('../main.mjs').Context} context */
export async function webhooks({ cluster, random, isShort, check, gather }) {
  const rounds = isShort ? ROUNDS.short : ROUNDS.full;
  const receiver = await WebhookReceiver.start(random.fork('receiver'));
  const endpointId = await addEndpoint(cluster, receiver.url);
  const [{ sequence: before }] = await cluster.query(
    'SELECT coalesce(max(sequence), 0) AS sequence FROM events',
  );
  const crowd = gather(MEMBERS);
  const subjects = Array.from({ length: SUBJECTS }, () => randomUUID());
  const faults = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      check();
      crowd.start();
      const load = { isOn: true };
      const writing = write(cluster, random, subjects, endpointId, load);
      await wait(random.between(200, 1_500));
      const victim = random.pick(cluster.replicas);
      await victim.kill();
      await wait(random.between(50, 500));
      load.isOn = false;
      await Promise.all([crowd.pause(), writing]);
      await cluster.startReplicas();
    }
    faults.push(...crowd.faults, ...crowd.traffic.faults);
    const expected = await cluster.query(
      `SELECT id FROM events WHERE type = 'session.opened' AND sequence > $1`,
      [before],
    );
    const deadline = Date.now() + ARRIVAL_LIMIT;
    while (receiver.count < expected.length && Date.now() < deadline) {
      check();
      await hurry(cluster);
      await wait(POLL);
    }
    faults.push(...compareArrivals(expected, receiver));
    return [
      {
        promise: 'every committed event arrives',
        found: `${rounds} kills, ${expected.length} events, ${receiver.count} arrived, ${receiver.received - receiver.count} of them again`,
        faults,
      },
    ];
  } finally {
    await cluster.query('DELETE FROM webhook_endpoints WHERE id = $1', [endpointId]);
    await receiver.stop();
  }
}

async function write(cluster, random, subjects, endpointId, load) {
  while (load.isOn) {
    await cluster.query(WRITE, [3, random.pick(subjects), endpointId]);
    await wait(GAP);
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
     VALUES ($1, 'chaos', $2, '{session.opened}', 'active', now(), now())`,
    [id, url],
  );
  const place = { table: 'webhook_secrets', column: 'secret', row: secretId };
  await cluster.query(
    `INSERT INTO webhook_secrets (id, endpoint_id, secret, created_at) VALUES ($1, $2, $3, now())`,
    [secretId, id, seal(ring.active('sealing'), place, generateSigningSecret())],
  );
  return id;
}
