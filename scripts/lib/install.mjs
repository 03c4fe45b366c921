import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say, Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { alone } from './setup-lock.mjs';

const MARK = inClone('node_modules', '.countersign-install-hash');

/** Installs the dependencies, unless exactly these were installed by this Node's major version on this platform. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone(async (include) => {
    if (!isInstalled()) await install(include);
  });
}

function isInstalled() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === wanted();
}

function wanted() {
  const [major] = process.versions.node.split('.');
  return contentHash(
    CLONE,
    ['package-lock.json', 'package.json'],
    `${major} ${process.platform} ${process.arch}`,
  );
}

async function install(include) {
  say('Installing dependencies ...');
  rmSync(MARK, { force: true });
  const hash = wanted();
  const [command, ...first] = npm();
  // --include=dev: the build needs them in production too. --loglevel: "npm run --silent" would hide what went wrong.
  const args = [...first, 'ci', '--include=dev', '--loglevel=error'];
  const code = await runStep(command, args, include).catch((error) => {
    if (error.code === 'ENOENT')
      throw new Sentence('There is no npm on the PATH: install it, it comes with Node.');
    throw error;
  });
  if (code !== 0) {
    throw new Sentence(
      `"npm ci" failed with exit code ${code} (what it said is above): put that right and start again.`,
    );
  }
  mkdirSync(dirname(MARK), { recursive: true });
  writeFileSync(MARK, hash);
}

/** The npm that runs us, or else the one on the PATH. */
function npm() {
  const own = process.env.npm_execpath;
  return own && basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
}
