import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { telegram } from 'better-auth-telegram';
import pg from 'pg';

const { DATABASE_URL, POOL_SIZE, APPLICATION_NAME, BOT_TOKEN } = process.env;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  application_name: APPLICATION_NAME,
});

/** As its documents set it up, without what would only slow it down here: rate limits and logging. */
const options = {
  baseURL: 'http://127.0.0.1',
  secret: randomBytes(32).toString('base64url'),
  database: pool,
  logger: { disabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    telegram({
      botToken: BOT_TOKEN,
      botUsername: 'bench_bot',
      miniApp: {
        enabled: true,
        validateInitData: true,
        allowAutoSignin: true,
        // Its users need an address, which Telegram does not tell.
        mapMiniAppDataToUser: ({ id, first_name: first, last_name: last }) => ({
          name: last ? `${first} ${last}` : first,
          email: `${id}@telegram.invalid`,
          emailVerified: false,
        }),
      },
    }),
  ],
};

/** What its own migrations leave out: the plugin writes no `updatedAt`, and looks people up by these columns. */
const MISSING = `
  ALTER TABLE account ALTER COLUMN "updatedAt" SET DEFAULT now();
  CREATE INDEX IF NOT EXISTS bench_account_by_provider ON account ("accountId", "providerId");
  CREATE INDEX IF NOT EXISTS bench_user_by_telegram_id ON "user" ("telegramId");
  CREATE INDEX IF NOT EXISTS bench_session_by_user ON session ("userId");
  CREATE INDEX IF NOT EXISTS bench_account_by_user ON account ("userId");`;

const { runMigrations } = await getMigrations(options);
await runMigrations();
await pool.query(MISSING);

const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
