import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inClone } from '../../scripts/lib/clone.mjs';
import { makeApplication } from '../../scripts/lib/services.mjs';
import { untilOk } from '../../scripts/lib/until-ok.mjs';
import { startNode } from '../machine/child.mjs';
import { built } from './built.mjs';

const { freePort } = built('tools/private-postgres/src');

const API = inClone('dist/apps/api/src/main.js');
const CLI = inClone('dist/apps/cli/src/main.js');
/** Milliseconds. */
const START_LIMIT = 120_000;

/** Sets the service up by its CLI: keys, tables, an application and its bot. `keysFile`: to be written. */
export async function setUp({ databaseUrl, keysFile, bot, settings = {} }) {
  await runCli(['keys', 'generate', '--out', keysFile], {});
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    KEYS_FILE: keysFile,
    DEMO_TELEGRAM_KEY: `${bot.id}:${bot.publicKeyHex}`,
  };
  await runCli(['migrate'], env);
  const wanted = { name: 'Bench', presets: ['openweb3'], username: 'bench_bot', token: bot.token };
  return { env, ...(await makeApplication(env, { ...wanted, settings })) };
}

/** The service as it is shipped, in a process of its own, ready to be called. */
export async function startService(env, { cores, nodeArguments = [] } = {}) {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const listening = { HOST: '127.0.0.1', PORT: String(port), GATEWAY_PORT: String(gatewayPort) };
  const node = startNode([...nodeArguments, API], { env: { ...listening, ...env }, cores });
  const at = (own) => `http://127.0.0.1:${own}`;
  try {
    await untilOk(`${at(port)}/health/ready`, node.check, START_LIMIT);
  } catch (error) {
    await node.stop();
    throw error;
  }
  const { pid, cpuSeconds, stop } = node;
  return { port, gatewayPort, gatewayOrigin: at(gatewayPort), pid, cpuSeconds, stop };
}

/** Runs a command of the CLI. @returns what the command printed */
async function runCli(args, env) {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`"countersign ${args.slice(0, 2).join(' ')}" ended with exit code ${code}`);
  return JSON.parse(printed);
}
