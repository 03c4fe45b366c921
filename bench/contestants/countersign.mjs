import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../scripts/lib/clone.mjs';
import { startNode } from '../child.mjs';
import { countersignDialect } from '../dialects/countersign.mjs';
import { POOL_SIZE } from '../postgres.mjs';

const DATABASE = 'countersign';

const API = inClone('dist/apps/api/src/main.js');
const CLI = inClone('dist/apps/cli/src/main.js');

/** Milliseconds. */
const START_LIMIT = 30_000;
const POLL = 50;

/**
 * The service as it is shipped, in a process of its own: set up by its CLI, all checks, sealing, audit and the replay
 * guard on. `development` is what lets it trust the fake Telegram; nothing on the way of a request depends on it.
 *
 * @param {object} options
 * @param {import('../postgres.mjs').Postgres} options.postgres
 * @param {import('../telegram-bot.mjs').TelegramBot} options.bot
 * @param {string} options.folder for the keys
 * @param {string | undefined} options.profile folder for a CPU profile
 * @param {number[] | undefined} options.cores
 */
export async function startCountersign({ postgres, bot, folder, profile, cores }) {
  const keys = join(folder, 'keys.json');
  await runCli(['keys', 'generate', '--out', keys], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.urlOf(DATABASE),
    KEYS_FILE: keys,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
  };
  await runCli(['migrate'], env);
  const { applicationId, clientSecret } = await runCli(['application', 'create', '--name', 'Bench'], env);
  const place = ['--application', applicationId, '--username', 'bench_bot', '--token-stdin'];
  await runCli(['bot', 'add', ...place], env, bot.token);

  const [port, gatewayPort] = [await freePort(), await freePort()];
  const listening = {
    HOST: '127.0.0.1',
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    DATABASE_POOL_SIZE: String(POOL_SIZE),
  };
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`] : [];
  const node = startNode([...profiling, API], {
    env: { ...env, ...listening },
    cores,
  });
  try {
    await untilReady(port, node);
  } catch (error) {
    await node.stop();
    throw error;
  }
  return {
    port,
    ports: { gatewayCheck: gatewayPort },
    dialect: countersignDialect({ applicationId, clientSecret }),
    database: DATABASE,
    applicationName: 'countersign',
    hasSessionCache: true,
    cpuSeconds: node.cpuSeconds,
    stop: node.stop,
  };
}

async function untilReady(port, node) {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    node.check();
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline)
      throw new Error(`the service was not ready within ${START_LIMIT / 1000} seconds`);
    await wait(POLL);
  }
}

/** @returns {Promise<any>} what the command printed */
async function runCli(args, env, input = '') {
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
