import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { runQuietly } from './children.mjs';
import { inClone } from './clone.mjs';
import { ensureInstalledIn } from './install.mjs';

/** A registry of npm on this machine, to which the steps of a release publish. */

const FOLDER = inClone('test', 'registry');
const STEP = 'Publish the packages, with their provenance';

/**
 * Starts a registry. It takes our packages from nobody else, and the others from the registry of this machine.
 *
 * @param {string} folder an empty one
 * @param {number} port a free one
 * @returns {Promise<{ url: string, env: NodeJS.ProcessEnv, stop: () => Promise<void> }>} `env`: npm then uses the registry
 */
export async function startRegistry(folder, port) {
  await ensureInstalledIn(FOLDER, 'Installing a registry ...', ['--ignore-scripts']);
  const url = `http://127.0.0.1:${port}/`;
  const upstream = (await runQuietly('npm', ['config', 'get', 'registry'])).trim();
  const ours = { access: '$all', publish: '$all' };
  const settings = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { upstream: { url: upstream } },
    packages: { countersign: ours, '@countersign/*': ours, '**': { access: '$all', proxy: 'upstream' } },
    // The package of the service has 32 MB, and travels as base64.
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'json', level: 'error' },
  };
  const config = join(folder, 'config.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  const program = join(FOLDER, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const child = spawn(process.execPath, [program, '--config', config, '--listen', url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const isUp = async () => (await fetch(`${url}-/ping`)).ok;
  while (child.exitCode === null && !(await isUp().catch(() => false)))
    await new Promise((resolve) => setTimeout(resolve, 100));
  const npmrc = join(folder, 'npmrc');
  // npm publishes with a token only. This registry accepts any.
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=made-up\n`);
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, env: { npm_config_userconfig: npmrc, npm_config_cache: join(folder, 'cache') }, stop };
}

/**
 * Publishes the archives of a folder by the command of `.github/workflows/release.yml`. There is no identity here, from which
 * provenance could come.
 *
 * @param {string} folder with the archives of this version
 */
export function publish(folder, version, { url, env }) {
  const { jobs } = load(readFileSync(inClone('.github/workflows/release.yml'), 'utf8'));
  const { run } = jobs.publish.steps.find(({ name }) => name === STEP);
  const settings = { ...process.env, ...env, REGISTRY: url, GITHUB_REF_NAME: `v${version}` };
  return runQuietly('bash', ['-e', '-o', 'pipefail', '-c', run], { cwd: folder, env: settings });
}
