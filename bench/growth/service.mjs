import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clearTimeout } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { inClone } from '../../scripts/lib/clone.mjs';

const API = inClone('dist/apps/api/src/main.js');
const CLI = inClone('dist/apps/cli/src/main.js');

/** Milliseconds. */
const START_LIMIT = 30_000;
const STOP_LIMIT = 20_000;
const POLL = 50;

const HOUR = 3_600;

/** Access tokens last longer than the bench may: what is made at its beginning is used until its end. */
const SETTINGS = {
  session: { accessIdle: 12 * HOUR, accessAbsolute: 24 * HOUR },
  perRequestInitData: { accept: true },
};

/**
 * An empty installation, made by the CLI.
 *
 * @param {object} options
 * @param {string} options.databaseUrl
 * @param {string} options.folder for the keys
 * @param {import('../telegram-bot.mjs').TelegramBot} options.bot
 */
export async function install({ databaseUrl, folder, bot }) {
  const file = join(folder, 'keys.json');
  await runCli(['keys', 'generate', '--out', file], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    KEYS_FILE: file,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
  };
  await runCli(['migrate'], env);
  const { applicationId, clientSecret } = await runCli(['application', 'create', '--name', 'Growth'], env);
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

/**
 * The service in a process of its own.
 *
 * @param {Record<string, string>} env
 */
export async function startService(env) {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [API], {
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      JOBS: 'off',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(child, 'exit');
  gone.catch(() => undefined);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const service = {
    port,
    gatewayPort,
    origin: `http://127.0.0.1:${port}`,
    gatewayOrigin: `http://127.0.0.1:${gatewayPort}`,
    pid: child.pid,
    stop: async () => {
      if (!isRunning()) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT).unref();
      await gone;
      clearTimeout(limit);
    },
  };
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const answer = await fetch(`${service.origin}/health/ready`).catch(() => null);
    if (answer?.ok) return service;
    if (!isRunning() || Date.now() > deadline) {
      await service.stop();
      throw new Error('the service did not become ready');
    }
    await wait(POLL);
  }
}

/** @returns {Promise<any>} what the command printed */
export async function runCli(args, env, input = '') {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input);
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`"countersign ${args.slice(0, 2).join(' ')}" ended with exit code ${code}`);
  return JSON.parse(printed);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
