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
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { ensureInstalledIn } from './install.mjs';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';

/**
 * A root file system that takes the place of Node's image where no registry of images is reachable: a shell, `env`, Node and
 * npm with the libraries that they load, copied from this machine, and the users of Node's image. It has no package manager
 * and no CA files; Node carries its own.
 */

const NODES = inClone('test', 'nodes');
const PROGRAMS = ['sh', 'env'];
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
  const programs = PROGRAMS.map((name) => [findProgram(name), join('usr/bin', name)]);
  for (const [program, place] of [...programs, [node, 'usr/local/bin/node']]) {
    copyFileSync(program, join(folder, place));
    for (const library of librariesOf(program)) copyLibrary(library, folder);
  }
  copyNpm(folder);
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

/** From the packages that the tests on other versions of Node use. */
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

/** What the loader would load for it, itself included. */
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

/** The npm that runs us, or else the one on the PATH. */
function copyNpm(folder) {
  const own = process.env.npm_execpath;
  const program =
    own && basename(own) === 'npm-cli.js' ? realpathSync(own) : realpathSync(findProgram('npm'));
  const npm = resolve(dirname(program), '..');
  const place = join(folder, 'usr/local/lib/node_modules/npm');
  cpSync(npm, place, { recursive: true, dereference: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'usr/local/bin', name));
  }
}

function findProgram(name) {
  const { PATH = '' } = process.env;
  for (const place of PATH.split(delimiter).map((each) => join(each, name))) {
    try {
      return realpathSync(place);
    } catch {
      continue;
    }
  }
  throw new Sentence(`There is no ${name} on the PATH.`);
}
