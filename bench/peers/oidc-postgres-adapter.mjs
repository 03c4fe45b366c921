import pg from 'pg';

const SCHEMA = `
  CREATE TABLE oidc_payloads (
    model text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    grant_id text,
    uid text,
    user_code text,
    expires_at timestamptz,
    consumed_at bigint,
    PRIMARY KEY (id, model)
  );
  CREATE INDEX ON oidc_payloads (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX ON oidc_payloads (uid) WHERE uid IS NOT NULL;
  CREATE INDEX ON oidc_payloads (user_code) WHERE user_code IS NOT NULL;`;
const UPSERT = `
  INSERT INTO oidc_payloads (model, id, payload, grant_id, uid, user_code, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
  ON CONFLICT (id, model) DO UPDATE SET
    payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
    user_code = excluded.user_code, expires_at = excluded.expires_at`;
const CONSUME = `
  UPDATE oidc_payloads SET consumed_at = extract(epoch FROM now())::bigint WHERE id = $1 AND model = $2`;

/** The stores of oidc-provider over one table: a statement per call, each durable by itself. */
export async function createPostgresAdapter({ url, max, applicationName }) {
  const pool = new pg.Pool({ connectionString: url, max, application_name: applicationName });
  await pool.query(SCHEMA);
  return (model) => adapterOf(pool, model);
}

function adapterOf(pool, model) {
  const run = async (text, ...values) => (await pool.query(text, values)).rows;
  const findBy = async (column, value) => {
    const [found] = await run(
      `SELECT payload, consumed_at::float8 AS consumed FROM oidc_payloads
       WHERE ${column} = $1 AND model = $2 AND (expires_at IS NULL OR expires_at > now())`,
      value,
      model,
    );
    if (!found) return undefined;
    return found.consumed === null ? found.payload : { ...found.payload, consumed: found.consumed };
  };
  return {
    upsert: (id, payload, expiresIn = null) => {
      const { grantId = null, uid = null, userCode = null } = payload;
      return run(UPSERT, model, id, JSON.stringify(payload), grantId, uid, userCode, expiresIn);
    },
    find: (id) => findBy('id', id),
    findByUid: (uid) => findBy('uid', uid),
    findByUserCode: (userCode) => findBy('user_code', userCode),
    consume: (id) => run(CONSUME, id, model),
    destroy: (id) => run('DELETE FROM oidc_payloads WHERE id = $1 AND model = $2', id, model),
    revokeByGrantId: (grantId) =>
      run('DELETE FROM oidc_payloads WHERE grant_id = $1 AND model = $2', grantId, model),
  };
}
