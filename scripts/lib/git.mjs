import { spawnSync } from 'node:child_process';
import { CLONE } from './clone.mjs';
import { Sentence } from './main.mjs';

/**
 * What git prints about the clone, without spaces around it.
 *
 * @param {string[]} args
 * @throws {Sentence} when git fails
 */
export function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: CLONE, encoding: 'utf8' });
  if (status !== 0) throw new Sentence(`"git ${args.join(' ')}" fails: ${stderr}`);
  return stdout.trim();
}
