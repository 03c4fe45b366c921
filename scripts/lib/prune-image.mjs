import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes from `dist` and `node_modules` of the current folder what no program reads: source maps, types, sources in TypeScript and
 * pages of documentation. Licences stay. npm installs the package in a third of the time. Stands alone: deploy/Dockerfile runs it.
 */

const UNUSED = /\.(?:map|[cm]?tsx?|flow|tsbuildinfo|markdown|md)$/i;
/** Of a package itself, not of folders below. */
const UNUSED_FOLDERS = /^(?:tests?|__tests__|bench|benchmarks?|examples?)$/;
const LICENCE = /^(?:licen[cs]e|copying|notice|copyright|authors|patents)/i;

for (const folder of ['dist', 'node_modules']) prune(folder);
for (const folder of packagesIn('node_modules'))
  for (const name of readdirSync(folder).filter((each) => UNUSED_FOLDERS.test(each)))
    rmSync(join(folder, name), { recursive: true });

/** @returns {boolean} whether the folder is empty now */
function prune(folder) {
  let isEmpty = true;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) isEmpty = prune(path) && isEmpty;
    else if (UNUSED.test(entry.name) && !LICENCE.test(entry.name)) rmSync(path);
    else isEmpty = false;
  }
  if (isEmpty) rmdirSync(folder);
  return isEmpty;
}

/** @returns {Generator<string>} the folders of packages, those inside of others too */
function* packagesIn(modules) {
  for (const name of readdirSync(modules)) {
    const folder = join(modules, name);
    if (name.startsWith('@')) yield* packagesIn(folder);
    else if (existsSync(join(folder, 'package.json'))) yield folder;
    if (existsSync(join(folder, 'node_modules'))) yield* packagesIn(join(folder, 'node_modules'));
  }
}
