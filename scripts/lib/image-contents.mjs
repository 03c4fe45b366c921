import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Sentence } from './main.mjs';
import { filesIn } from './packages.mjs';
import { productionPackages } from './production-packages.mjs';
import { knownSecrets, secretsIn } from './secret-search.mjs';

/** Checks that the image has what the service needs, and nothing else. */

const APP = 'app';
const TOP = ['LICENSE', 'bin', 'dist', 'healthcheck.mjs', 'node_modules', 'package.json'];
const APPS = ['api', 'cli', 'consent', 'console', 'custody'];
const DIST = ['apps', 'docs', 'libs', 'package.json'];
const FOR_DEVELOPMENT = /(?:^|\/)(?:testing|examples?|playground|fixtures)\/|\.spec\./;
const VARIABLES = ['HOST', 'NODE_ENV', 'PATH'];
const OTHERS_WRITE = 0o022;
const AS_ANOTHER_USER = 0o6000;

/**
 * @param {string} root the file system of the image
 * @returns {Promise<number>} bytes of the files beside the base
 */
export async function assertContents(root) {
  const inApp = filesIn(join(root, APP));
  assertEqual('The folder of the service', readdirSync(join(root, APP)).toSorted(), TOP);
  assertEqual('dist/apps', readdirSync(join(root, APP, 'dist/apps')).toSorted(), APPS);
  // Packages of their own, and tools of development, are no part of the service.
  assertEqual('dist', readdirSync(join(root, APP, 'dist')).toSorted(), DIST);
  const own = inApp.filter((file) => !file.startsWith('node_modules/'));
  const stray = own.find((file) => FOR_DEVELOPMENT.test(file));
  if (stray) throw new Sentence(`The image has ${stray}, which is for development.`);
  assertPackages(inApp);
  assertOwners(root, inApp);
  await assertNoSecrets(root, own);
  return inApp.reduce((sum, file) => sum + lstatSync(join(root, APP, file)).size, 0);
}

/**
 * Checks how a container of the image is started.
 *
 * @returns {number} the id of its user
 */
export function assertConfiguration({ User, Env, Cmd, Healthcheck, Labels }, root, source) {
  for (const [name, value] of Object.entries({ title: 'countersign', licenses: 'Apache-2.0', ...source }))
    if (Labels?.[`org.opencontainers.image.${name}`] !== value)
      throw new Sentence(`The image has no label ${name} with "${value}".`);
  const names = Env.map((each) => each.slice(0, each.indexOf('='))).toSorted();
  assertEqual('The environment of the image', names, VARIABLES);
  if (!Cmd?.length || !Healthcheck?.Test?.length)
    throw new Sentence('The image has no command or health check.');
  const users = readFileSync(join(root, 'etc/passwd'), 'utf8');
  const user = new RegExp(`^${User}:[^:]*:(\\d+):`, 'm').exec(users)?.[1];
  if (!Number(user)) throw new Sentence(`The image would run as ${User || 'root'}.`);
  return Number(user);
}

/** node_modules has exactly the packages that the SBOM names. */
function assertPackages(inApp) {
  const wanted = productionPackages()
    .filter(({ isOptional }) => !isOptional)
    .map(({ folder }) => folder);
  const found = inApp
    .filter((file) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file))
    .map((file) => dirname(file));
  assertEqual('node_modules', found.toSorted(), wanted.toSorted());
}

function assertOwners(root, inApp) {
  for (const file of inApp) {
    const { uid, mode } = lstatSync(join(root, APP, file));
    const isLink = lstatSync(join(root, APP, file)).isSymbolicLink();
    if (uid !== 0 || (!isLink && (mode & (OTHERS_WRITE | AS_ANOTHER_USER)) !== 0))
      throw new Sentence(`${file} of the image can be changed by others than root.`);
  }
}

async function assertNoSecrets(root, files) {
  const known = new Set(knownSecrets().map(({ value }) => value));
  for (const file of files) {
    const bytes = readFileSync(join(root, APP, file));
    if (bytes.includes(0)) continue;
    const found = (await secretsIn(basename(file), bytes.toString('utf8'))).find(
      ({ value }) => !known.has(value),
    );
    if (found) throw new Sentence(`${file}:${found.line} of the image looks like a secret (${found.kind}).`);
  }
}

function assertEqual(what, found, wanted) {
  const more = found.filter((each) => !wanted.includes(each));
  const less = wanted.filter((each) => !found.includes(each));
  if (more.length === 0 && less.length === 0) return;
  throw new Sentence(`${what}: not expected [${more.join(', ')}], missing [${less.join(', ')}].`);
}
