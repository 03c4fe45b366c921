import './lib/node-version.mjs';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { runQuietly } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { ensurePackages } from './lib/packed.mjs';
import { compileReadme, npmPack, writeManifest } from './lib/packages.mjs';
import { publish, startRegistry } from './lib/registry.mjs';
import { packServer } from './lib/server-package.mjs';
import { untilOk } from './lib/until-ok.mjs';

/**
 * Rehearses a release: publishes the packages to a registry of this machine, as the release does, and installs them. With `--all` each
 * is installed in a project of its README, and the service is tried: `npx countersign start` and `init`, and an upgrade to the next patch version.
 */

/** The packages that each README installs beside its own. */
const PROJECTS = {
  client: ['react@19', '@types/react@19'],
  'fake-telegram': [],
  'identity-token': ['express@5'],
  verify: [],
  'webhook-events': [],
};
const START_MS = 300_000;
/** `nobody` of Debian, where this runs as root. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const isAll = process.argv.includes('--all');

await main(async () => {
  await ensureBuilt();
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-publication-'));
  chmodSync(scratch, 0o755);
  const { freePort } = createRequire(import.meta.url)(
    inClone('dist/tools/private-postgres/src/free-port.js'),
  );
  const registry = await startRegistry(folderIn(scratch, 'registry'), await freePort());
  try {
    const { version } = readJson(inClone('package.json'));
    const archives = folderIn(scratch, 'archives');
    for (const archive of await ensurePackages(Object.keys(PROJECTS))) addArchive(archive, archives);
    if (isAll) addArchive(await packServer(folderIn(scratch, 'server')), archives);
    say(await publish(archives, version, registry));
    const libs = Object.keys(PROJECTS);
    for (const together of isAll ? libs.map((lib) => [lib]) : [libs])
      await tryProject(together, folderIn(scratch, together[0]), registry);
    if (!isAll) return;
    // Packages that are there already are no error.
    await publish(archives, version, registry);
    await tryService(scratch, version, registry, freePort);
  } finally {
    await registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** With the name that a release gives it. */
function addArchive(archive, folder) {
  const { name, version } = manifestOf(archive);
  copyFileSync(archive, join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`));
}

async function tryProject(libs, folder, { env }) {
  const manifests = libs.map((lib) => readJson(inClone('published', lib, 'package.json')));
  writeManifest(folder, { name: 'project', private: true, type: 'module' });
  const beside = isAll ? ['@types/node@20', ...libs.flatMap((lib) => PROJECTS[lib])] : [];
  const words = ['install', '--no-audit', '--no-fund', ...manifests.map(({ name }) => name), ...beside];
  await runQuietly('npm', words, { cwd: folder, env: { ...process.env, ...env } });
  for (const { name } of manifests) {
    const source = `if (Object.keys(await import('${name}')).length === 0) process.exit(1);`;
    await runQuietly(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder });
    say(`${name} works in a project.`);
  }
  // The README of the identity token has parts of services, which its own specs run.
  for (const lib of libs)
    if (isAll && lib !== 'identity-token') compileReadme(folder, inClone('published', lib, 'README.md'));
}

async function tryService(scratch, version, registry, freePort) {
  const folder = folderIn(scratch, 'empty');
  if (USER.uid) for (const each of [folder, join(scratch, 'registry')]) chownSync(each, USER.uid, USER.gid);
  const [PORT, GATEWAY_PORT, ADMIN_PORT] = [await freePort(), await freePort(), await freePort()].map(String);
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, PORT, GATEWAY_PORT, ADMIN_PORT },
    ...{ ...registry.env, npm_config_cache: join(folder, '.npm') },
  };
  const options = { cwd: folder, env, ...USER };
  const npx = (of, ...words) => runQuietly('npx', ['--yes', `countersign@${of}`, ...words], options);
  const first = await start(version, options);
  const before = await first.signIn();
  await npx(version, 'init', 'my-app');
  const project = { ...options, cwd: join(folder, 'my-app') };
  await runQuietly('npm', ['install', '--no-audit', '--no-fund'], project);
  await runQuietly('npm', ['run', 'build'], project);
  await npx(version, 'stop');
  await first.ended;
  say('The service and a project of "init" work.');

  const next = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
  await publish(await archiveOf(next, scratch), next, registry);
  const second = await start(next, options);
  const after = await second.signIn();
  const shown = (await npx(next, '--version')).trim();
  await npx(next, 'stop');
  await second.ended;
  if (
    shown !== next ||
    before.isNewUser !== true ||
    after.isNewUser !== false ||
    after.userId !== before.userId
  )
    throw new Sentence(`After the upgrade to ${next}, version ${shown} signs in ${JSON.stringify(after)}.`);
  say(`The service of ${next} works with the data of ${version}.`);
}

/** Starts the service by npx, and waits until it has printed the line that signs a person in. */
async function start(version, options) {
  const child = spawn('npx', ['--yes', `countersign@${version}`, 'start'], { ...options, detached: true });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const check = () => {
    if (child.exitCode !== null) throw new Sentence(`The service has ended:\n${output}`);
  };
  await untilOk(`http://127.0.0.1:${options.env.PORT}/playground`, check, START_MS);
  const signIn = async () => {
    while (!/^curl .*\n/m.test(output)) await once(child.stdout, 'data');
    return JSON.parse(await runQuietly('/bin/sh', ['-c', /^curl .*$/m.exec(output)[0]]));
  };
  return { ended, signIn };
}

/** The package of the service with another version. @returns {Promise<string>} the folder of the archive */
async function archiveOf(version, scratch) {
  const folder = join(scratch, 'server', 'package');
  for (const each of [folder, join(folder, 'dist')])
    writeManifest(each, { ...readJson(join(each, 'package.json')), version });
  const archives = folderIn(scratch, 'next');
  npmPack(folder, archives);
  return archives;
}

function manifestOf(archive) {
  const text = execFileSync('tar', ['-xzOf', archive, 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(text);
}

function folderIn(scratch, name) {
  mkdirSync(join(scratch, name));
  return join(scratch, name);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
