import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

const [ACCESS_SECONDS, REFRESH_SECONDS] = [1800, 2_592_000];

const UPSERT_USER = `
  INSERT INTO users (id, telegram_id, first_name, last_name, username) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (telegram_id) DO UPDATE SET
    first_name = excluded.first_name, last_name = excluded.last_name, username = excluded.username
  RETURNING id AS "userId", xmax = 0 AS "isNewUser"`;
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
  SELECT id AS "sessionId", user_id AS "userId" FROM sessions WHERE refresh_digest = $1 AND expires_at > now() FOR UPDATE`;
const ROTATE = `
  UPDATE sessions SET access_digest = $2, refresh_digest = $3, expires_at = now() + interval '30 days' WHERE id = $1`;

/** The statements of the minimal server, over a pool. Each returns null when there is no such session. */
export class MinimalStore {
  #pool;

  constructor(connectionString, max) {
    const application_name = process.env.APPLICATION_NAME;
    this.#pool = new pg.Pool({ connectionString, max, application_name });
  }

  logIn({ id, first_name: firstName, last_name: lastName, username }) {
    const [sessionId, tokens] = [randomUUID(), mint()];
    return this.#transaction(async (client) => {
      const user = await one(client, UPSERT_USER, [randomUUID(), id, firstName, lastName, username]);
      await client.query(INSERT_SESSION, [sessionId, user.userId, ...digestsOf(tokens)]);
      return { ...tokens, sessionId, ...user };
    });
  }

  async describe(accessToken) {
    const found = await one(this.#pool, FIND_BY_ACCESS, [sha256(accessToken)]);
    if (!found) return null;
    const { userId, createdAt, sessionId, ...profile } = found;
    return { userId, createdAt, profile, session: { sessionId } };
  }

  identify(accessToken) {
    return one(this.#pool, IDENTIFY, [sha256(accessToken)]);
  }

  logOut(accessToken) {
    return one(this.#pool, DELETE, [sha256(accessToken)]);
  }

  refresh(refreshToken) {
    const tokens = mint();
    return this.#transaction(async (client) => {
      const session = await one(client, LOCK_BY_REFRESH, [sha256(refreshToken)]);
      if (!session) return null;
      await client.query(ROTATE, [session.sessionId, ...digestsOf(tokens)]);
      return { ...tokens, ...session, isNewUser: false };
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

async function one(client, text, values) {
  return (await client.query(text, values)).rows[0] ?? null;
}

function mint() {
  const token = () => randomBytes(32).toString('base64url');
  const lifetimes = { expiresIn: ACCESS_SECONDS, refreshExpiresIn: REFRESH_SECONDS };
  return { tokenType: 'Bearer', accessToken: token(), refreshToken: token(), ...lifetimes };
}

function digestsOf({ accessToken, refreshToken }) {
  return [sha256(accessToken), sha256(refreshToken)];
}

function sha256(text) {
  return createHash('sha256').update(text).digest();
}
