import { spawnSync } from 'node:child_process';
import { load } from 'js-yaml';
import { Sentence } from './main.mjs';

/**
 * docker-compose.yml of a folder, as `docker-compose config` resolves it.
 *
 * @param {string} folder
 * @param {Record<string, string>} [settings] as in `.env`
 */
export function resolvedComposition(folder, settings = {}) {
  const { status, stdout, stderr } = spawnSync('docker-compose', ['config'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Sentence(`"docker-compose config" fails: ${stderr}`);
  return load(stdout);
}
