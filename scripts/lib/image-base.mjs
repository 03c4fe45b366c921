import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inClone } from './clone.mjs';
import { ensureInstalledIn, npm } from './install.mjs';
import { Sentence } from './main.mjs';
import { findProgram } from './programs.mjs';

/**
 * A root file system that replaces Node's image where no image registry is reachable: a shell, `env`, Node and npm with their
 * shared libraries, copied from this machine, and the users of Node's image. It has no package manager of the system and no CA
 * files: Node contains its own.
 */

const NODES = inClone('test', 'nodes');
const PROGRAMS = ['sh', 'env'];
/** Parts of the C library that packages with native code load. */
const OF_LIBC = ['libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'];
/** Of Node's image: https://github.com/nodejs/docker-node/blob/main/24/bookworm-slim/Dockerfile */
const USERS = 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n';
const GROUPS = 'root:x:0:\nnode:x:1000:\n';

/**
 * @param {string} folder an empty one, which root owns
 * @param {string} major of the Node that the image is to have
 * @returns {Promise<string>} the version of that Node
 */
export async function makeImageBase(folder, major) {
  // As on Debian, where /bin, /lib and /lib64 are links.
  for (const name of ['bin', 'lib', 'lib64']) {
    mkdirSync(join(folder, 'usr', name), { recursive: true });
    symlinkSync(join('usr', name), join(folder, name));
  }
  for (const name of ['etc', 'home/node', 'root', 'usr/local/bin', 'tmp', 'var/tmp']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ['tmp', 'var/tmp']) chmodSync(join(folder, name), 0o1777);
  chownSync(join(folder, 'home/node'), 1000, 1000);
  writeFileSync(join(folder, 'etc/passwd'), USERS);
  writeFileSync(join(folder, 'etc/group'), GROUPS);

  const node = await installedNode(major);
  const programs = PROGRAMS.map((name) => [requiredProgram(name), join('usr/bin', name)]);
  for (const [program, place] of [...programs, [node, 'usr/local/bin/node']]) {
    copyFileSync(program, join(folder, place));
    for (const library of librariesOf(program)) copyLibrary(library, folder);
  }
  const libc = librariesOf(node).find((library) => library.endsWith('/libc.so.6'));
  for (const name of OF_LIBC) copyLibrary(join(dirname(libc), name), folder);
  copyNpm(folder);
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

/** From the packages of test/nodes, which the tests on other versions of Node use. */
async function installedNode(major) {
  const options = ['--ignore-scripts', '--no-bin-links'];
  await ensureInstalledIn(NODES, 'Installing the Node of the image ...', options);
  const name = `node-${major}-${process.platform}-${process.arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync(join(NODES, 'package.json'), 'utf8'));
  if (!optionalDependencies[name]) {
    throw new Sentence(`test/nodes/package.json has no ${name}, which deploy/Dockerfile is based on.`);
  }
  return join(NODES, 'node_modules', name, 'bin', 'node');
}

/** The shared libraries that the program loads, and the loader. */
function librariesOf(program) {
  const { status, stdout, stderr } = spawnSync('ldd', [program], { encoding: 'utf8' });
  if (status !== 0 || stdout.includes('not found')) {
    throw new Sentence(`The libraries of ${program} are not all here: ${stdout}${stderr}`);
  }
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path);
}

function copyLibrary(library, folder) {
  const place = library.startsWith('/usr/') ? library : join('/usr', library);
  mkdirSync(dirname(join(folder, place)), { recursive: true });
  copyFileSync(library, join(folder, place));
}

function copyNpm(folder) {
  const [, script = requiredProgram('npm')] = npm();
  const source = join(dirname(realpathSync(script)), '..');
  const place = join(folder, 'usr/local/lib/node_modules/npm');
  cpSync(source, place, { recursive: true, dereference: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'usr/local/bin', name));
  }
}

function requiredProgram(name) {
  const program = findProgram(name);
  if (program === null) throw new Sentence(`There is no ${name} on the PATH.`);
  return program;
}
