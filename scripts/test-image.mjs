import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Buildah } from './lib/buildah.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { makeImageBase } from './lib/image-base.mjs';
import { baseName, buildImage, describeSource, writeImage } from './lib/image-build.mjs';
import { assertConfiguration, assertContents } from './lib/image-contents.mjs';
import { tryImage } from './lib/image-trial.mjs';
import { ensureInstalled, npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/**
 * Builds the image with buildah from the unchanged deploy/Dockerfile, on a base image made from files of this machine. Checks the
 * contents, starts the image on a private PostgreSQL, and signs in. `npm ci` in the build asks the npm registry, as in any build.
 */

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
    const source = describeSource();
    const image = `countersign:${source.version}`;
    const base = baseName();
    await commitBase(buildah, base, join(scratch, 'base'));
    buildImage(buildah, image, source, buildOptions(scratch));
    const container = buildah.do('from', '--pull-never', image);
    const root = buildah.do('mount', container);
    const bytes = await assertContents(root);
    const { Docker } = JSON.parse(buildah.do('inspect', '--type', 'image', image));
    const user = assertConfiguration(Docker.config, root, source);
    say(`The image has only what it needs. It runs as user ${user}.`);
    await tryImage(buildah, { container, user, config: Docker.config, scratch });
    writeImage(buildah, { name: image, base, folder: scratch, source });
    say(
      `The image has ${Math.round(bytes / 1e6)} MB beside its base. It was built, started and signed in to.`,
    );
  } finally {
    buildah.try('umount', '--all');
    buildah.try('rm', '--all');
    rmSync(scratch, { recursive: true, force: true });
  }
});

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

/** Options with which npm in the build uses the registry and the cache of this machine. */
function buildOptions(scratch) {
  const npmrc = join(scratch, 'npmrc');
  const volumes = [`${npmrc}:${NPMRC}:ro`, `${npmSetting('cache')}:${NPM_CACHE}:rw`];
  const settings = [`registry=${npmSetting('registry')}`, `cache=${NPM_CACHE}`, 'prefer-offline=true'];
  if (existsSync(CERTIFICATES)) {
    settings.push(`cafile=${CERTIFICATES}`);
    volumes.push(`${CERTIFICATES}:${CERTIFICATES}:ro`);
  }
  writeFileSync(npmrc, `${settings.join('\n')}\n`);
  const mounts = volumes.map((volume) => `--volume=${volume}`);
  return ['--isolation=chroot', '--pull-never', '--format=docker', ...mounts];
}

function npmSetting(name) {
  const [command, ...first] = npm();
  const { stdout } = spawnSync(command, [...first, 'config', 'get', name], { encoding: 'utf8' });
  return stdout.trim();
}
