import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { runCli } from '../product/service.mjs';

const HOUR = 3_600;

/** Access tokens last longer than the bench may: what is made at its beginning is used until its end. */
const SETTINGS = {
  session: { accessIdle: 12 * HOUR, accessAbsolute: 24 * HOUR },
  perRequestInitData: { accept: true },
};

/**
 * An empty installation, made by the CLI. Its background jobs run when the bench says so.
 *
 * @param {object} options
 * @param {string} options.databaseUrl
 * @param {string} options.folder for the keys
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {string[]} [options.origins] of the application
 */
export async function install({ databaseUrl, folder, bot, origins = [] }) {
  const file = join(folder, 'keys.json');
  await runCli(['keys', 'generate', '--out', file], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    KEYS_FILE: file,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
    JOBS: 'off',
  };
  await runCli(['migrate'], env);
  const { applicationId, clientSecret } = await runCli(
    ['application', 'create', '--name', 'Growth', ...origins.flatMap((origin) => ['--origin', origin])],
    env,
  );
  const place = ['--application', applicationId];
  const { settings } = await runCli(
    ['application', 'set', ...place, '--settings-stdin'],
    env,
    JSON.stringify(SETTINGS),
  );
  await runCli(['bot', 'add', ...place, '--username', 'growth_bot', '--token-stdin'], env, bot.token);
  const botRowId = await onlyBot(databaseUrl);
  return { env, keys: readFileSync(file, 'utf8'), applicationId, clientSecret, settings, botRowId };
}

async function onlyBot(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT id FROM bots');
  await client.end();
  return rows[0].id;
}
