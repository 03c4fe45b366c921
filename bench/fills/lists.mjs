import { whileLoading } from './loading.mjs';

/** Users of each rare kind, as many in every installation: a filter that scanned for them would scan further. */
export const RARE = 200;
const SESSIONS_PER_USER = 2;
/** An application, and a bot, for so many users. */
const USERS_PER_APPLICATION = 100;
const PRINCIPALS = 150;
const DAYS = 10;
const TABLES =
  'users, identities, user_applications, sessions, audit_records, applications, bots, principals';

/** A UUIDv7 of an instant; of the same instant as many as there are numbers. */
const MADE_ID = `
  CREATE FUNCTION made_id(at timestamptz, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(number), 15, '0'))::uuid
  $$`;

/**
 * Fills an installation that has one session, whose row the others are copies of. Sealed values are no real ones: the
 * lists open none.
 */
export async function fillLists(client, users, partitions) {
  for (let day = 0; day <= DAYS + 1; day += 1)
    await partitions.ensure('audit_records', new Date(Date.now() - day * 86_400_000));
  await whileLoading(client, TABLES, () => insertAll(client, users));
}

async function insertAll(client, users) {
  await client.query(MADE_ID);
  const every = Math.floor(users / RARE);
  const of = (offset, yes, no) => `CASE WHEN n % ${every} = ${offset} THEN ${yes} ELSE ${no} END`;
  const step = `interval '${DAYS} days' / ${users}`;
  await client.query(`
    CREATE TABLE made AS SELECT n, at, made_id(at, n) AS id, gen_random_uuid() AS pseudonym
    FROM generate_series(1, ${users}) AS n, LATERAL (SELECT now() - interval '1 minute' - ${step} * (${users} - n) AS at) AS instants`);
  await client.query(`
    INSERT INTO applications (id, name, trust, settings, created_at, updated_at)
    SELECT made_id(now() - interval '11 days', n), 'Made ' || n, CASE WHEN n % 2 = 0 THEN 'third-party' ELSE 'first-party' END, a.settings, a.created_at, a.updated_at
    FROM (SELECT * FROM applications LIMIT 1) a, generate_series(1, ${users / USERS_PER_APPLICATION}) AS n`);
  await copyFirst(
    client,
    'bots',
    {
      id: `made_id(now() - interval '11 days', n)`,
      bot_id: `(8000000000 + n)::text`,
      provider: `CASE WHEN n % 2 = 0 THEN 'openweb3' ELSE 'telegram' END`,
      status: `CASE WHEN n % 4 = 1 THEN 'compromised' ELSE 'active' END`,
    },
    `generate_series(1, ${users / USERS_PER_APPLICATION}) AS n`,
  );
  await copyFirst(
    client,
    'principals',
    { id: 'gen_random_uuid()', name: `'made ' || n` },
    `generate_series(1, ${PRINCIPALS}) AS n`,
  );
  await client.query(`
    INSERT INTO users (id, status, data_key, audit_pseudonym, created_at, updated_at)
    SELECT id, ${of(1, `'deactivated'`, `'active'`)}, 'v1:gone', pseudonym, at, at FROM made`);
  await client.query(`
    INSERT INTO identities (id, user_id, provider, environment, subject, profile_made_at, created_at, updated_at, attached_at, attached_by, attached_with)
    SELECT id, id, ${of(2, `'openweb3'`, `'telegram'`)}, 'production', 'v1:gone', at, at, at,
      ${of(3, 'at', 'NULL')}, ${of(3, `'link'`, 'NULL')}, ${of(3, `ARRAY['telegram/production/7']`, `'{}'`)} FROM made`);
  await client.query(`
    INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on)
    SELECT m.id, a.id, at::date, current_date FROM made m, (SELECT id FROM applications ORDER BY id DESC LIMIT 1) a`);
  await copyFirst(
    client,
    'sessions',
    {
      id: `made_id(m.at + interval '1 millisecond' * s, ${SESSIONS_PER_USER} * m.n + s)`,
      user_id: 'm.id',
      identity_id: 'm.id',
      created_at: 'm.at',
      authenticated_at: 'm.at',
      ended_at: `CASE WHEN s = 1 AND m.n % 2 = 0 THEN now() END`,
      end_reason: `CASE WHEN s = 1 AND m.n % 2 = 0 THEN 'logout' END`,
    },
    `made m, generate_series(1, ${SESSIONS_PER_USER}) AS s`,
  );
  await client.query(`
    INSERT INTO audit_records (occurred_at, id, action, actor, subject, application_id, details)
    SELECT at + interval '1 millisecond' * r, gen_random_uuid(), CASE r WHEN 0 THEN 'user.created' WHEN 1 THEN 'session.opened' ELSE 'session.ended' END,
      'user:' || pseudonym, made_id(at + interval '1 millisecond', ${SESSIONS_PER_USER} * n + 1)::text, a.id, '{}'
    FROM made, generate_series(0, 3) AS r, (SELECT id FROM applications ORDER BY id DESC LIMIT 1) a`);
  await client.query('DROP TABLE made');
}

/** Inserts copies of a table's first row, with other values of some columns. */
async function copyFirst(client, table, others, from) {
  const { rows } = await client.query(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => others[name] ?? `first.${name}`);
  await client.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM (SELECT * FROM ${table} LIMIT 1) AS first, ${from}`,
  );
}
