import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Buildah } from './lib/buildah.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { makeImageBase } from './lib/image-base.mjs';
import { assertConfiguration, assertContents } from './lib/image-contents.mjs';
import { tryImage } from './lib/image-trial.mjs';
import { ensureInstalled, npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/**
 * Builds the image with buildah from the unchanged deploy/Dockerfile, on a base image made from files of this machine. Checks the
 * contents, starts the image on a private PostgreSQL, and signs in. `npm ci` in the build asks the npm registry, as in any build.
 */

const DOCKERFILE = 'deploy/Dockerfile';
/** Mounted during the build, so that no layer has it. */
const NPMRC = '/root/.npmrc';
const NPM_CACHE = '/npm-cache';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

await main(async () => {
  requirePrograms('Tests of the image', ['buildah']);
  if (process.getuid() !== 0)
    throw new Sentence('Tests of the image need root, which owns the files in it: run them with sudo.');
  await ensureInstalled();
  await ensureBuilt();
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-image-'));
  chmodSync(scratch, 0o755);
  const buildah = new Buildah(scratch);
  try {
    const { version } = JSON.parse(readFileSync(inClone('package.json'), 'utf8'));
    const image = `countersign:${version}`;
    const base = baseName();
    const rootfs = join(scratch, 'base');
    await commitBase(buildah, base, rootfs);
    build(buildah, image, scratch);
    const container = buildah.do('from', '--pull-never', image);
    const root = buildah.do('mount', container);
    await assertContents(root, rootfs);
    const { Docker } = JSON.parse(buildah.do('inspect', '--type', 'image', image));
    const user = assertConfiguration(Docker.config, root);
    say(`The image has only what it needs. It runs as user ${user}.`);
    await tryImage(buildah, { container, user, config: Docker.config, scratch });
    const [size, ofBase] = [image, base].map((name) => sizeOf(buildah, name));
    say(`The image has ${size}, ${ofBase} of them the base. It was built, started and signed in to.`);
  } finally {
    buildah.try('umount', '--all');
    buildah.try('rm', '--all');
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** The image that both stages are based on. */
function baseName() {
  const lines = readFileSync(inClone(DOCKERFILE), 'utf8').matchAll(/^FROM (\S+)/gm);
  const names = new Set([...lines].map(([, name]) => name));
  const [name] = names;
  if (names.size !== 1 || !/^node:\d+-/.test(name))
    throw new Sentence(`${DOCKERFILE} is based on ${[...names].join(' and ')}, not on one image of Node.`);
  return name;
}

async function commitBase(buildah, name, folder) {
  mkdirSync(folder);
  const [, major] = /^node:(\d+)/.exec(name);
  const version = await makeImageBase(folder, major);
  say(`In place of ${name}: a base with Node ${version} and files of this machine.`);
  const container = buildah.do('from', 'scratch');
  buildah.do('copy', '--quiet', container, folder, '/');
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  buildah.do('config', '--env', `PATH=${path}`, '--cmd', 'node', container);
  buildah.do('commit', '--quiet', '--rm', container, `docker.io/library/${name}`);
}

function build(buildah, image, scratch) {
  const npmrc = join(scratch, 'npmrc');
  const volumes = [`${npmrc}:${NPMRC}:ro`, `${npmSetting('cache')}:${NPM_CACHE}:rw`];
  const settings = [`registry=${npmSetting('registry')}`, `cache=${NPM_CACHE}`, 'prefer-offline=true'];
  if (existsSync(CERTIFICATES)) {
    settings.push(`cafile=${CERTIFICATES}`);
    volumes.push(`${CERTIFICATES}:${CERTIFICATES}:ro`);
  }
  writeFileSync(npmrc, `${settings.join('\n')}\n`);
  const options = ['--isolation=chroot', '--pull-never', '--format=docker', `--tag=${image}`];
  buildah.show(
    'bud',
    ...options,
    `--file=${inClone(DOCKERFILE)}`,
    ...volumes.map((volume) => `--volume=${volume}`),
    CLONE,
  );
}

function npmSetting(name) {
  const [command, ...first] = npm();
  const { stdout } = spawnSync(command, [...first, 'config', 'get', name], { encoding: 'utf8' });
  return stdout.trim();
}

function sizeOf(buildah, name) {
  const [{ size }] = JSON.parse(buildah.do('images', '--json', name));
  return size;
}
