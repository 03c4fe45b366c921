import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { ensureExamplePackages } from './example-packages.mjs';
import { Sentence } from './main.mjs';
import { runChild } from './run-child.mjs';

const ORDERS = 'countersign-example-orders';

/**
 * Builds the image of the example service, and starts docker-compose.yml with it and the image of the service (compose-trial.mjs).
 *
 * @param {import('./buildah.mjs').Buildah} buildah
 * @param {{ image: string, root: string, scratch: string, options: string[] }} of `options` of `buildah bud`
 */
export async function tryCompose(buildah, { image, root, scratch, options }) {
  await ensureExamplePackages();
  const file = `--file=${inClone('examples/orders/Dockerfile')}`;
  buildah.show('bud', `--tag=${ORDERS}`, file, ...options, inClone('examples'));
  const orders = buildah.do('mount', buildah.do('from', '--pull-never', ORDERS));
  const images = {
    countersign: describe(buildah, image, root),
    orders: describe(buildah, ORDERS, orders),
  };
  const settings = join(scratch, 'compose.json');
  writeFileSync(settings, JSON.stringify({ scratch: join(scratch, 'compose'), images }));
  // Mounts and networks of the trial end with it.
  const program = 'mount -t tmpfs tmpfs /run && mkdir -p "$1" && exec "$2" "$3" "$4"';
  const trial = ['sh', '-c', program, 'sh', join(scratch, 'compose'), process.execPath];
  const words = [
    '--net',
    '--mount',
    '--propagation=private',
    ...trial,
    inClone('scripts/lib/compose-trial.mjs'),
    settings,
  ];
  const code = await runChild('unshare', words, { stdio: 'inherit' });
  if (code !== 0) throw new Sentence('docker-compose.yml does not start (the reason is above).');
}

function describe(buildah, image, root) {
  const { User, Env, WorkingDir, Cmd } = JSON.parse(buildah.do('inspect', '--type', 'image', image)).Docker
    .config;
  const users = readFileSync(join(root, 'etc/passwd'), 'utf8');
  const user = Number(new RegExp(`^${User}:[^:]*:(\\d+):`, 'm').exec(users)?.[1]);
  return { root, user, environment: Env, folder: WorkingDir, command: Cmd };
}
