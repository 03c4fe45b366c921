import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../scripts/lib/clone.mjs';
import { startNode } from '../machine/child.mjs';
import { built } from './built.mjs';

const { freePort } = built('tools/private-postgres/src');

const API = inClone('dist/apps/api/src/main.js');
const CLI = inClone('dist/apps/cli/src/main.js');
/** Milliseconds. */
const [START_LIMIT, POLL] = [30_000, 50];

/**
 * The service as it is shipped, in a process of its own, ready to be called; the administration API too, with `hasAdmin`.
 *
 * @typedef {Awaited<ReturnType<typeof startService>>} Service
 */
export async function startService(env, { cores, nodeArguments = [], hasAdmin = false } = {}) {
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const ports = { PORT: String(port), GATEWAY_PORT: String(gatewayPort) };
  const admin = hasAdmin ? { ADMIN_PORT: String(adminPort) } : {};
  const listening = { HOST: '127.0.0.1', ...ports, ...admin };
  const node = startNode([...nodeArguments, API], { env: { ...listening, ...env }, cores });
  const at = (own) => `http://127.0.0.1:${own}`;
  try {
    await untilReady(at(port), node);
  } catch (error) {
    await node.stop();
    throw error;
  }
  const origins = { origin: at(port), gatewayOrigin: at(gatewayPort), adminOrigin: at(adminPort) };
  const { pid, cpuSeconds, stop } = node;
  return { port, gatewayPort, ...origins, pid, cpuSeconds, stop };
}

async function untilReady(origin, node) {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    node.check();
    const answer = await fetch(`${origin}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline)
      throw new Error(`the service was not ready within ${START_LIMIT / 1000} seconds`);
    await wait(POLL);
  }
}

/** Runs a command of the CLI. @returns what the command printed */
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
