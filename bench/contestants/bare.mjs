import { fileURLToPath } from 'node:url';
import { startNode } from '../child.mjs';

const PROGRAM = fileURLToPath(new URL('bare-server.mjs', import.meta.url));

/**
 * The ceiling: a bare `node:http` that reads the request and answers a fixed JSON.
 *
 * @param {object} options
 * @param {Record<string, number>} options.sizes bytes to answer, by path
 * @param {number[] | undefined} options.cores
 */
export async function startBare({ sizes, cores }) {
  const env = { SIZES: JSON.stringify(sizes), NODE_ENV: 'production' };
  const node = startNode([PROGRAM], { env, cores, hasChannel: true });
  const { port } = await node.firstMessage();
  return { name: 'node:http', port, cpuSeconds: node.cpuSeconds, stop: node.stop };
}
