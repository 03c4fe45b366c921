import { fileURLToPath } from 'node:url';
import { startNode } from '../machine/child.mjs';

/**
 * Starts a subject that is a program of one file: it tells its port when it is ready.
 *
 * @param {URL} program
 * @param {Record<string, string>} env
 * @param {number[] | undefined} cores
 */
export async function startProgram(program, env, cores) {
  const node = startNode([fileURLToPath(program)], {
    env: { NODE_ENV: 'production', ...env },
    cores,
    hasChannel: true,
  });
  const { port } = await node.firstMessage();
  return { port, cpuSeconds: node.cpuSeconds, stop: node.stop };
}
