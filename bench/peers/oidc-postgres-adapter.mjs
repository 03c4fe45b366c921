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

/**
 * The interface that oidc-provider asks its stores for, over one table: a statement per call, each durable by itself.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {number} options.max connections
 * @param {string} options.applicationName
 * @returns {Promise<(model: string) => PostgresAdapter>}
 */
export async function createPostgresAdapter({ url, max, applicationName }) {
  const pool = new pg.Pool({ connectionString: url, max, application_name: applicationName });
  await pool.query(SCHEMA);
  return (model) => new PostgresAdapter(pool, model);
}

class PostgresAdapter {
  #pool;
  #model;

  constructor(pool, model) {
    this.#pool = pool;
    this.#model = model;
  }

  async upsert(id, payload, expiresIn) {
    const { grantId = null, uid = null, userCode = null } = payload;
    const text = JSON.stringify(payload);
    await this.#pool.query(UPSERT, [this.#model, id, text, grantId, uid, userCode, expiresIn ?? null]);
  }

  find(id) {
    return this.#findBy('id', id);
  }

  findByUid(uid) {
    return this.#findBy('uid', uid);
  }

  findByUserCode(userCode) {
    return this.#findBy('user_code', userCode);
  }

  async consume(id) {
    await this.#pool.query(CONSUME, [id, this.#model]);
  }

  async destroy(id) {
    await this.#pool.query('DELETE FROM oidc_payloads WHERE id = $1 AND model = $2', [id, this.#model]);
  }

  async revokeByGrantId(grantId) {
    await this.#pool.query('DELETE FROM oidc_payloads WHERE grant_id = $1 AND model = $2', [
      grantId,
      this.#model,
    ]);
  }

  async #findBy(column, value) {
    const { rows } = await this.#pool.query(
      `SELECT payload, consumed_at::float8 AS consumed FROM oidc_payloads
       WHERE ${column} = $1 AND model = $2 AND (expires_at IS NULL OR expires_at > now())`,
      [value, this.#model],
    );
    const [found] = rows;
    if (!found) return undefined;
    return found.consumed === null ? found.payload : { ...found.payload, consumed: found.consumed };
  }
}
