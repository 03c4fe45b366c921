import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { say } from '../../scripts/lib/main.mjs';
import { print } from '../frame.mjs';
import { cpuSecondsOf } from '../machine/process-usage.mjs';
import { built } from '../product/built.mjs';
import { install } from '../product/installation.mjs';
import { product } from '../product/parts.mjs';

const { generateSigningSecret } = built('libs/platform/webhook-sender/src');

/** Events of one transaction. */
const CHUNK = 10_000;
/** Milliseconds. */
const [POLL, PROGRESS] = [200, 5_000];

/** With the number of events. */
const FILL = `
  INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
  SELECT pg_current_xact_id()::text::bigint, now(), gen_random_uuid(), 'session.opened', subject, NULL,
    jsonb_build_object('userId', subject, 'sessionId', gen_random_uuid(), 'applicationId', gen_random_uuid(),
      'identityId', gen_random_uuid(), 'assurance', 'platform', 'door', 'telegram_init_data')
  FROM (SELECT md5(n::text)::uuid::text AS subject FROM generate_series(1, $1::int) AS n) AS made`;

/** How fast one process drains a backlog of webhooks to a local receiver. */
export async function deliverWebhooks({ events, folder, bot, ending, check }) {
  const { client, keys, postgres, start } = await install({ folder, bot, ending });
  const receiver = fork(fileURLToPath(new URL('webhook-receiver.mjs', import.meta.url)));
  ending.before(() => receiver.kill());
  const [{ port }] = await once(receiver, 'message');
  await addEndpoint(client, product.KeyRing.parse(keys), `http://127.0.0.1:${port}/`);
  say(`Writing ${events} events ...`);
  for (let written = 0; written < events; written += CHUNK)
    await client.query(FILL, [Math.min(CHUNK, events - written)]);
  await client.query('ANALYZE');
  check();

  const env = { JOBS: 'on', LOG_LEVEL: 'warn', WEBHOOK_ALLOWED_TARGETS: '127.0.0.1' };
  const service = await start(env);
  const cpu = () => [service.cpuSeconds(), cpuSecondsOf(receiver.pid), postgres.cpuSeconds()];
  const before = cpu();
  const startedAt = performance.now();
  let [counted, reportedAt] = [await count(receiver), startedAt];
  for (; counted.different < events; counted = await count(receiver)) {
    await wait(POLL);
    check();
    if (performance.now() - reportedAt < PROGRESS) continue;
    reportedAt = performance.now();
    say(`${counted.different} of ${events}`);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const [ofService, ofReceiver, ofPostgres] = cpu().map(
    (total, index) => `${Math.round(((total - before[index]) / events) * 1e6)} µs`,
  );
  print(
    `${events} webhooks in ${seconds.toFixed(1)} s: ${Math.round(events / seconds)}/s, ` +
      `${counted.received - counted.different} sent twice. CPU of each: service ${ofService}, receiver ${ofReceiver}, ` +
      `PostgreSQL ${ofPostgres}.`,
  );
  await service.stop();
  return [];
}

async function addEndpoint(client, ring, url) {
  const { rows } = await client.query('SELECT gen_random_uuid() AS id, gen_random_uuid() AS "secretId"');
  const [{ id, secretId }] = rows;
  const position = { table: 'webhook_secrets', column: 'secret', row: secretId };
  const secret = product.seal(ring.active('sealing'), position, generateSigningSecret());
  await client.query(
    `INSERT INTO webhook_endpoints (id, name, url, types, status, created_at, updated_at)
     VALUES ($1, 'bench', $2, '{session.opened}', 'active', now(), now())`,
    [id, url],
  );
  await client.query(
    `INSERT INTO webhook_secrets (id, endpoint_id, secret, created_at) VALUES ($1, $2, $3, now())`,
    [secretId, id, secret],
  );
  await client.query(
    `INSERT INTO event_subscriptions (subscriber_id, types) VALUES ($1, '{session.opened}')`,
    [id],
  );
}

async function count(receiver) {
  const answered = once(receiver, 'message');
  receiver.send('count');
  return (await answered)[0];
}
