import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { inClone } from '../../scripts/lib/clone.mjs';

const CLI = inClone('dist', 'apps', 'cli', 'src', 'main.js');

/**
 * Runs a command of the service's CLI.
 *
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {string} [input]
 * @returns {Promise<{ printed: any, answeredAt: number }>} when the line came that says it is done
 */
export async function runCli(args, env, input = '') {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input);
  let [text, answeredAt] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    answeredAt ||= performance.now();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`"countersign ${args.slice(0, 2).join(' ')}" ended with exit code ${code}`);
  return { printed: JSON.parse(text), answeredAt };
}
