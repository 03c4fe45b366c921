import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inClone } from './clone.mjs';
import { ensureExamplePackages } from './example-packages.mjs';
import { isShipped, OPTIONAL } from './production-packages.mjs';
import { completed, filesIn, npmPack, run, writeManifest } from './packages.mjs';

/** Packs the service itself: what is built, what starts it, and what deploys it, without its sources. */

/** Files and folders of the clone, beside `dist`. */
const COPIED = [
  'CHANGELOG.md',
  'LICENSE',
  'bin/countersign',
  'bin/countersign-consent',
  'bin/countersign-custody',
  'deploy/caddy',
  'deploy/grafana',
  'deploy/nginx',
  'deploy/prometheus',
  'deploy/systemd',
  'examples/packages',
  'examples/start',
  'scripts/init.mjs',
  'scripts/package.mjs',
  ...[
    'children',
    'clone',
    'data-folder',
    'free-ports',
    'main',
    'node-version',
    'private-settings',
    'stop-reset',
  ].map((name) => `scripts/lib/${name}.mjs`),
];
/** Tools for tests only, the packages that are published alone, and marks of the build. */
const NOT_SHIPPED =
  /(?:^|\/)testing(?:\/|$)|\.spec\.js|^published\/(?!fake-telegram(?:\/|$))[\w-]+|^package\.json$|^\.build-hash$/;
const MANIFEST = [
  ...['name', 'version', 'description', 'keywords', 'license', 'engines', 'bin'],
  ...['dependencies', 'optionalDependencies', 'overrides', 'scarfSettings'],
];
/** Comes with Swagger's page. */
const TELEMETRY = '@scarf/scarf';

/**
 * @param {string} scratch a folder without archives
 * @returns {Promise<string>} the archive
 */
export async function packServer(scratch) {
  await ensureExamplePackages();
  const folder = join(scratch, 'package');
  for (const path of COPIED) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(inClone(path), join(folder, path), { recursive: true });
  }
  for (const file of filesIn(inClone('dist')).filter((each) => !NOT_SHIPPED.test(each))) {
    mkdirSync(dirname(join(folder, 'dist', file)), { recursive: true });
    copyFileSync(inClone('dist', file), join(folder, 'dist', file));
  }
  copyFileSync(inClone('bin/README.md'), join(folder, 'README.md'));
  const manifest = serverManifest();
  writeManifest(folder, manifest);
  // The compiled code reads its version here.
  writeManifest(join(folder, 'dist'), { name: manifest.name, version: manifest.version, private: true });
  writeFileSync(join(folder, 'npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrap(manifest), null, 2)}\n`);
  return npmPack(folder, scratch);
}

/** package.json of the clone, without what develops the service. */
function serverManifest() {
  const clone = readJson(inClone('package.json'));
  const manifest = Object.fromEntries(MANIFEST.map((name) => [name, clone[name]]));
  const optional = Object.entries(clone.optionalDependencies).filter(([name]) => OPTIONAL.test(name));
  manifest.optionalDependencies = Object.fromEntries(optional);
  return completed({ ...manifest, type: 'commonjs', publishConfig: { access: 'public' } }, '');
}

/** Pins every package that an installation gets to the one that was tested. */
function shrinkwrap({ name, version, license, engines, bin, dependencies, optionalDependencies }) {
  const { packages, ...lock } = readJson(inClone('package-lock.json'));
  const shipped = Object.entries(packages).filter(
    ([folder, each]) => folder !== '' && isShipped(folder, each) && !folder.endsWith(`/${TELEMETRY}`),
  );
  // It reports each installation to its makers, and no code needs it. npm installs what is listed here, and nothing else.
  delete packages['node_modules/swagger-ui-dist'].dependencies;
  const root = { name, version, license, dependencies, optionalDependencies, bin, engines };
  return { ...lock, packages: { '': root, ...Object.fromEntries(shipped) } };
}

/**
 * Installs the archive in a folder as npm does, from what is installed in the clone: the same packages, and no others.
 *
 * @param {string} folder an empty one
 * @returns {string} where the package is
 */
export function installServer(folder, archive) {
  const installed = join(folder, 'node_modules', 'countersign');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed], folder);
  const { packages } = readJson(join(installed, 'npm-shrinkwrap.json'));
  const tops = Object.keys(packages).filter(
    (path) => path !== '' && path.split('node_modules/').length === 2,
  );
  // Hard links where they can be made: it is a quarter of a gigabyte.
  const links = statSync(folder).dev === statSync(inClone('node_modules')).dev ? ['--link'] : [];
  for (const path of tops.filter((each) => existsSync(inClone(each)))) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    run('cp', ['-a', ...links, inClone(path), join(installed, path)], folder);
  }
  const programs = join(folder, 'node_modules', '.bin');
  mkdirSync(programs);
  const { bin } = readJson(join(installed, 'package.json'));
  for (const [name, path] of Object.entries(bin))
    symlinkSync(join('../countersign', path), join(programs, name));
  return installed;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
