/** Sessions of each made person: one is open, the others have ended. */
const SESSIONS = 3;
/** While rows come in, nothing has to survive a crash: one checkpoint at the end is enough. */
const WHILE_LOADING = { max_wal_size: '32GB', checkpoint_timeout: '1h', autovacuum: 'off' };

/** A UUIDv7 of the same millisecond: made rows lie between real ones in every index, and after CLUSTER in the tables. */
const likeIn = (column) =>
  `overlay(gen_random_uuid()::text PLACING left(${column}::text, 14) || '7' FROM 1 FOR 15)::uuid`;
const DIGEST = 'sha256(uuid_send(gen_random_uuid()))';
const ended = (column) => `CASE WHEN number > 1 THEN ${column} END`;

/** Tables whose rows are copied: how they hang on a real person, and the columns that differ. */
const COPIES = {
  users: { on: 'row.id = made.user_id', others: { id: 'new_user', audit_pseudonym: 'gen_random_uuid()' } },
  identities: {
    on: 'row.id = made.identity_id',
    others: { id: 'new_identity', user_id: 'new_user' },
  },
  identity_digests: {
    on: 'row.identity_id = made.identity_id',
    others: { digest: DIGEST, identity_id: 'new_identity' },
  },
  user_applications: { on: 'row.user_id = made.user_id', others: { user_id: 'new_user' } },
  sessions: {
    on: `row.id = made.session_id CROSS JOIN generate_series(1, ${SESSIONS}) AS number`,
    others: {
      ...{ id: likeIn('row.id'), user_id: 'new_user', identity_id: 'new_identity' },
      ...{ access_digest: DIGEST, family_digest: DIGEST, refresh_digest: DIGEST },
      ...{ ended_at: ended('now()'), end_reason: ended("'logout'") },
    },
  },
  proofs: {
    on: 'row.session_id = made.session_id',
    others: { proof_id: DIGEST, session_id: likeIn('row.session_id') },
  },
  audit_records: { on: 'row.subject = made.session_id::text', others: { id: likeIn('row.id') } },
};

/**
 * Copies the rows of the people who are there until there are `users` people. The copies have random digests, so that no token is
 * theirs.
 */
export async function fillPeople({ client, postgres, users }) {
  await postgres.set(WHILE_LOADING);
  await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '512MB'`);
  const { rows } = await client.query('SELECT count(*)::int AS count FROM users');
  const [{ count }] = rows;
  const times = Math.ceil((users - count) / count);
  await client.query(
    `CREATE TABLE made AS
     SELECT users.id AS user_id, identities.id AS identity_id, sessions.id AS session_id,
       ${likeIn('users.id')} AS new_user, ${likeIn('identities.id')} AS new_identity
     FROM users JOIN identities ON identities.user_id = users.id JOIN sessions ON sessions.user_id = users.id
     CROSS JOIN generate_series(1, ${times}) LIMIT ${users - count}`,
  );
  await withoutIndexes(client, Object.keys(COPIES), async () => {
    for (const [table, copied] of Object.entries(COPIES)) await copy(client, table, copied);
  });
  for (const table of ['users', 'identities', 'sessions'])
    await client.query(`CLUSTER ${table} USING pk_${table}`);
  await client.query('DROP TABLE made');
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
  await postgres.set(Object.fromEntries(Object.keys(WHILE_LOADING).map((name) => [name, null])));
}

async function copy(client, table, { on, others }) {
  const { rows } = await client.query(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => others[name] ?? `row.${name}`);
  await client.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM made JOIN ${table} AS row ON ${on}`,
  );
}

/** Drops the indexes that serve no constraint, and builds them again afterwards. */
async function withoutIndexes(client, tables, work) {
  const { rows: indexes } = await client.query(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'r' AND NOT c.relispartition
     WHERE i.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await work();
  for (const { definition } of indexes) await client.query(definition);
}
