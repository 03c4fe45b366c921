import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../scripts/lib/clone.mjs';
import { built } from './built.mjs';
import { startNode } from '../machine/child.mjs';

const { freePort } = built('tools/private-postgres/src');

const API = inClone('dist/apps/api/src/main.js');
const CLI = inClone('dist/apps/cli/src/main.js');

/** Milliseconds. */
const START_LIMIT = 30_000;
const POLL = 50;

/**
 * The service as it is shipped, in a process of its own, ready to be asked.
 *
 * @typedef {object} Service
 * @property {number} port
 * @property {number} gatewayPort
 * @property {string} origin
 * @property {string} gatewayOrigin
 * @property {number} pid
 * @property {() => number | null} cpuSeconds
 * @property {() => Promise<void>} stop
 */

/**
 * @param {Record<string, string>} env
 * @param {object} [options]
 * @param {number[]} [options.cores]
 * @param {string[]} [options.nodeArguments]
 * @returns {Promise<Service>}
 */
export async function startService(env, { cores, nodeArguments = [] } = {}) {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const listening = { HOST: '127.0.0.1', PORT: String(port), GATEWAY_PORT: String(gatewayPort) };
  const node = startNode([...nodeArguments, API], { env: { ...listening, ...env }, cores });
  const service = {
    port,
    gatewayPort,
    origin: `http://127.0.0.1:${port}`,
    gatewayOrigin: `http://127.0.0.1:${gatewayPort}`,
    pid: node.pid,
    cpuSeconds: node.cpuSeconds,
    stop: node.stop,
  };
  try {
    await untilReady(service.origin, node);
  } catch (error) {
    await node.stop();
    throw error;
  }
  return service;
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

/**
 * Runs a command of the CLI.
 *
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {string} [input]
 * @returns {Promise<any>} what the command printed
 */
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
