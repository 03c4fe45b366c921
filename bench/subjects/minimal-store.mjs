import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

const ACCESS_SECONDS = 1800;
const REFRESH_SECONDS = 2_592_000;

const UPSERT_USER = `
  INSERT INTO users (id, telegram_id, first_name, last_name, username) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (telegram_id) DO UPDATE SET
    first_name = excluded.first_name, last_name = excluded.last_name, username = excluded.username
  RETURNING id, xmax = 0 AS "isNewUser"`;

const INSERT_SESSION = `
  INSERT INTO sessions (id, user_id, access_digest, refresh_digest, expires_at)
  VALUES ($1, $2, $3, $4, now() + interval '30 days')`;

const FIND_BY_ACCESS = `
  SELECT u.id AS "userId", u.created_at AS "createdAt", u.first_name AS "firstName", u.last_name AS "lastName",
         u.username, s.id AS "sessionId"
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.access_digest = $1 AND s.expires_at > now()`;

const IDENTIFY = `
  SELECT id AS "sessionId", user_id AS "userId" FROM sessions WHERE access_digest = $1 AND expires_at > now()`;

const DELETE = `DELETE FROM sessions WHERE access_digest = $1 AND expires_at > now() RETURNING id`;

const LOCK_BY_REFRESH = `
  SELECT id, user_id AS "userId" FROM sessions WHERE refresh_digest = $1 AND expires_at > now() FOR UPDATE`;

const ROTATE = `
  UPDATE sessions SET access_digest = $2, refresh_digest = $3, expires_at = now() + interval '30 days' WHERE id = $1`;

/** The statements of the minimal subject. */
export class MinimalStore {
  #pool;

  /** @param {string} url @param {number} max connections */
  constructor(url, max) {
    this.#pool = new pg.Pool({ connectionString: url, max, application_name: 'bench-minimal' });
  }

  async logIn({ id, first_name: firstName, last_name: lastName, username }) {
    const [sessionId, tokens] = [randomUUID(), mint()];
    return this.#transaction(async (client) => {
      const { rows } = await client.query(UPSERT_USER, [randomUUID(), id, firstName, lastName, username]);
      const [user] = rows;
      await client.query(INSERT_SESSION, [sessionId, user.id, ...digestsOf(tokens)]);
      return toAnswer(tokens, { sessionId, userId: user.id, isNewUser: user.isNewUser });
    });
  }

  async describe(accessToken) {
    const { rows } = await this.#pool.query(FIND_BY_ACCESS, [sha256(accessToken)]);
    const [found] = rows;
    if (!found) return null;
    const { userId, createdAt, sessionId, ...profile } = found;
    return { userId, createdAt, profile, session: { sessionId } };
  }

  async identify(accessToken) {
    const { rows } = await this.#pool.query(IDENTIFY, [sha256(accessToken)]);
    return rows[0] ?? null;
  }

  /** Whether there was such a session. */
  async logOut(accessToken) {
    const { rowCount } = await this.#pool.query(DELETE, [sha256(accessToken)]);
    return rowCount === 1;
  }

  async refresh(refreshToken) {
    const tokens = mint();
    return this.#transaction(async (client) => {
      const { rows } = await client.query(LOCK_BY_REFRESH, [sha256(refreshToken)]);
      const [session] = rows;
      if (!session) return null;
      await client.query(ROTATE, [session.id, ...digestsOf(tokens)]);
      return toAnswer(tokens, { sessionId: session.id, userId: session.userId, isNewUser: false });
    });
  }

  async #transaction(work) {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      client.release(error);
      throw error;
    }
  }
}

function mint() {
  return {
    accessToken: randomBytes(32).toString('base64url'),
    refreshToken: randomBytes(32).toString('base64url'),
  };
}

function digestsOf({ accessToken, refreshToken }) {
  return [sha256(accessToken), sha256(refreshToken)];
}

function sha256(text) {
  return createHash('sha256').update(text).digest();
}

function toAnswer({ accessToken, refreshToken }, rest) {
  return {
    tokenType: 'Bearer',
    accessToken,
    expiresIn: ACCESS_SECONDS,
    refreshToken,
    refreshExpiresIn: REFRESH_SECONDS,
    ...rest,
  };
}
