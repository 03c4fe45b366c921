import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { Sentence } from './main.mjs';

/** Packs a lib as it would be published, and installs what was packed where nothing else is. */

/**
 * @param {string} lib the folder of a lib
 * @param {string} dist what was compiled of it
 * @param {string} scratch a folder without archives
 * @returns {string} the archive
 */
export function packLib(lib, dist, scratch) {
  const folder = join(scratch, 'package');
  mkdirSync(folder);
  for (const page of ['README.md', 'CHANGELOG.md']) copyFileSync(join(lib, page), join(folder, page));
  copyFileSync(inClone('LICENSE'), join(folder, 'LICENSE'));
  const manifest = JSON.parse(readFileSync(join(lib, 'package.json'), 'utf8'));
  writeManifest(folder, completed(manifest, relative(CLONE, lib)));
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  return npmPack(folder, scratch);
}

/** @returns {string} the archive of a folder, which is made in `scratch` */
export function npmPack(folder, scratch) {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch], folder);
  const archive = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new Sentence('"npm pack" makes no package.');
  return join(scratch, archive);
}

export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * The address of the repository, which packages name: `REPOSITORY_URL`, or that of the workflow that runs. Provenance is
 * accepted only from the repository that a package names.
 *
 * @returns {string | null} such as https://git.example.com/team/countersign
 */
export function repositoryUrl() {
  const { env } = process;
  if (env.REPOSITORY_URL) return env.REPOSITORY_URL;
  return env.GITHUB_REPOSITORY ? `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}` : null;
}

/** A manifest with repository, homepage and bugs, where the address is known. @param {string} directory of the package in the clone */
export function completed(manifest, directory) {
  const url = repositoryUrl();
  if (url === null) return manifest;
  const where = directory === '' ? {} : { directory };
  return {
    ...manifest,
    homepage: directory === '' ? `${url}#readme` : `${url}/tree/main/${directory}#readme`,
    bugs: { url: `${url}/issues` },
    repository: { type: 'git', url: `git+${url}.git`, ...where },
  };
}

/** @throws {Sentence} when a folder has a file that is not `allowed`, or lacks one that is `required` */
export function assertFiles(folder, allowed, required) {
  const files = filesIn(folder);
  const stray = files.find((file) => !allowed.test(file));
  if (stray) throw new Sentence(`${stray} would be published.`);
  const absent = required.find((file) => !files.includes(file));
  if (absent) throw new Sentence(`${absent} is not in the package.`);
}

/** @throws {Sentence} when a dependency of a package is not of the version that the clone is tested with */
export function assertTestedVersions(folder) {
  const [own, ours] = [join(folder, 'package.json'), inClone('package.json')].map((file) =>
    JSON.parse(readFileSync(file, 'utf8')),
  );
  for (const [name, version] of Object.entries(own.dependencies ?? {})) {
    const tested = ours.dependencies[name] ?? ours.devDependencies[name];
    if (version !== tested)
      throw new Sentence(`The package is tested with ${name} ${tested} and says ${version}.`);
  }
}

/** Installs the archive in a folder, beside these packages of ours. @returns {string} where it is */
export function installAlone(folder, archive, name, beside = []) {
  const installed = join(folder, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed], folder);
  for (const each of beside) {
    const link = join(folder, 'node_modules', each);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(inClone('node_modules', each), link, 'dir');
  }
  return installed;
}

/** Paths of the files and links below a folder. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Runs a program of node_modules. */
export function runInstalled(program, args, cwd) {
  run(process.execPath, [inClone('node_modules', program), ...args], cwd);
}

export function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 2, 2], timeout: 600_000 });
  if (error) throw new Sentence(`${program} does not run: ${error.message}`);
  if (status !== 0) throw new Sentence(`This fails (what it said is above): ${program} ${args.join(' ')}`);
}

/** Compiles the examples of a README in TypeScript against the installed types. */
export function compileReadme(folder, readme) {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm)].map(
    ([, block]) => block,
  );
  writeFileSync(join(folder, 'readme.mts'), blocks.join('\n'));
  compileAlone(folder, 'readme.mts', 'nodenext');
}

/**
 * Compiles a module that imports all exports of an installed package, for each way in which TypeScript resolves packages.
 * The types of the package and of its dependencies are checked too.
 *
 * @param {string} folder where the package is installed
 * @param {readonly string[]} specifiers such as `@countersign/client/react`
 * @param {boolean} isEsmOnly whether CommonJS may not import it
 */
export function compileInEachMode(folder, specifiers, isEsmOnly) {
  const imports = specifiers.map((specifier, index) => `export * as export${index} from '${specifier}';`);
  for (const extension of isEsmOnly ? ['mts'] : ['mts', 'cts']) {
    const file = `consumer.${extension}`;
    writeFileSync(join(folder, file), imports.join('\n'));
    for (const mode of ['node16', 'nodenext', 'bundler']) compileAlone(folder, file, mode);
  }
}

/** @param {string} mode of module resolution */
function compileAlone(folder, file, mode) {
  const options = `--strict --noUncheckedIndexedAccess --module ${mode === 'bundler' ? 'esnext' : mode} --moduleResolution ${mode}
    --target es2023 --types node --noEmit --ignoreConfig`;
  runInstalled('typescript/bin/tsc', [...options.split(/\s+/), file], folder);
}

/**
 * Writes the types of a lib whose code is bundled. What they import has to be among them.
 *
 * @param {string} lib such as `published/verify`
 * @param {string} dist where they go
 * @param {string} scratch
 * @param {readonly string[]} [files] those that are wanted; all of them otherwise
 */
export function writeTypes(lib, dist, scratch, files) {
  const types = join(scratch, 'types');
  const compilerOptions = {
    rootDir: inClone('.'),
    outDir: types,
    declaration: true,
    emitDeclarationOnly: true,
    types: ['node'],
    typeRoots: [inClone('node_modules/@types')],
  };
  mkdirSync(types);
  const config = join(scratch, 'tsconfig.types.json');
  const sources = [inClone(lib, 'src/index.ts')];
  writeFileSync(
    config,
    JSON.stringify({ extends: inClone('tsconfig.json'), compilerOptions, files: sources, include: [] }),
  );
  runInstalled('typescript/bin/tsc', ['--project', config], scratch);
  const isWanted = (path) => !files || !path.endsWith('.d.ts') || files.includes(basename(path));
  cpSync(join(types, lib, 'src'), dist, { recursive: true, filter: isWanted });
}
