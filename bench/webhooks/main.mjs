import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { cpuSecondsOf } from '../machine/cpu-time.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';

const { prepareFolder } = built('tools/private-postgres/src');
const { generateKeyRing, KeyRing, seal } = built('libs/pure/crypto/src');
const { generateSigningSecret } = built('libs/platform/webhook-sender/src');

const DATABASE = 'webhooks';
const EVENTS = 1_000_000;
/** Events of one transaction. */
const CHUNK = 10_000;
const POLL = 200;

/** With the number of events, and of subjects. */
const FILL = `
  INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
  SELECT pg_current_xact_id()::text::bigint, now(), gen_random_uuid(), 'session.opened', subject, NULL,
    jsonb_build_object('userId', subject, 'sessionId', gen_random_uuid(), 'applicationId', gen_random_uuid(),
      'identityId', gen_random_uuid(), 'assurance', 'platform', 'door', 'telegram_init_data')
  FROM (SELECT md5((n % $2)::text)::uuid::text AS subject FROM generate_series(1, $1::int) AS n) AS made`;

/** `npm run bench:webhooks [-- --events 1000000 --subjects 1000000]` */
export async function webhooks(args) {
  const events = numberOf(args, '--events') ?? EVENTS;
  const subjects = numberOf(args, '--subjects') ?? events;
  const ending = new Ending();
  try {
    return await run(events, subjects, ending);
  } finally {
    await ending.run();
  }
}

async function run(events, subjects, ending) {
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-webhooks-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const url = postgres.urlOf(DATABASE);
  const ring = JSON.stringify(generateKeyRing());
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, ring, { mode: 0o600 });
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: url,
    KEYS_FILE: keys,
    WEBHOOK_ALLOWED_TARGETS: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
  await runCli(['migrate'], env);
  const receiver = fork(fileURLToPath(new URL('receiver.mjs', import.meta.url)));
  ending.before(() => receiver.kill());
  const [{ port }] = await once(receiver, 'message');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  ending.before(() => client.end());
  await addEndpoint(client, KeyRing.parse(ring), `http://127.0.0.1:${port}/`);
  say(`Writing ${events} events of ${subjects} subjects ...`);
  // It creates the partition of today.
  await runCli(['application', 'create', '--name', 'Bench'], env);
  for (let written = 0; written < events; written += CHUNK)
    await client.query(FILL, [Math.min(CHUNK, events - written), subjects]);
  await client.query('ANALYZE');
  ending.check();

  const service = await startService(env);
  ending.before(() => service.stop());
  const processes = {
    service: () => service.cpuSeconds(),
    receiver: () => cpuSecondsOf(receiver.pid),
    PostgreSQL: () => postgres.cpuSeconds(),
  };
  const cpuBefore = Object.fromEntries(Object.entries(processes).map(([name, read]) => [name, read()]));
  const startedAt = performance.now();
  let counted = await count(receiver);
  let toldAt = startedAt;
  while (counted.different < events) {
    await wait(POLL);
    ending.check();
    counted = await count(receiver);
    if (performance.now() - toldAt > 5_000) {
      toldAt = performance.now();
      say(
        `${counted.different} of ${events}, ${Math.round((counted.different / (toldAt - startedAt)) * 1_000)}/s`,
      );
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = Object.entries(processes).map(
    ([name, read]) => `${name} ${Math.round(((read() - cpuBefore[name]) / events) * 1e6)} µs`,
  );
  process.stdout.write(
    `${events} webhooks of ${subjects} subjects in ${seconds.toFixed(1)} s: ${Math.round(events / seconds)}/s, ` +
      `${counted.received - counted.different} sent twice. CPU of each: ${cpu.join(', ')}.\n`,
  );
  return 0;
}

async function addEndpoint(client, ring, url) {
  const {
    rows: [{ id, secretId }],
  } = await client.query('SELECT gen_random_uuid() AS id, gen_random_uuid() AS "secretId"');
  await client.query(
    `INSERT INTO webhook_endpoints (id, name, url, types, status, created_at, updated_at)
     VALUES ($1, 'bench', $2, '{session.opened}', 'active', now(), now())`,
    [id, url],
  );
  const place = { table: 'webhook_secrets', column: 'secret', row: secretId };
  await client.query(
    `INSERT INTO webhook_secrets (id, endpoint_id, kind, secret, created_at) VALUES ($1, $2, 'hmac', $3, now())`,
    [secretId, id, seal(ring.active('sealing'), place, generateSigningSecret())],
  );
  await client.query(
    `INSERT INTO event_subscriptions (subscriber_id, types) VALUES ($1, '{session.opened}')`,
    [id],
  );
}

async function count(receiver) {
  const answered = once(receiver, 'message');
  receiver.send('count');
  const [counted] = await answered;
  return counted;
}

function numberOf(args, name) {
  const place = args.indexOf(name);
  const value = place === -1 ? NaN : Number(args[place + 1]);
  return Number.isInteger(value) && value > 0 ? value : null;
}
