import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inClone } from '../../scripts/lib/clone.mjs';
import { contentHash } from '../../scripts/lib/content-hash.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { runStep } from '../../scripts/lib/run-child.mjs';
import { alone } from '../../scripts/lib/setup-lock.mjs';

const FOLDER = inClone('bench', 'verifiers');
const MARK = inClone('bench', 'verifiers', 'node_modules', '.countersign-install-hash');

/** Installs the packages that only this bench compares with, unless exactly these are there. */
export async function ensurePeersInstalled() {
  if (isInstalled()) return;
  await alone(async (include) => {
    if (!isInstalled()) await install(include);
  });
}

function isInstalled() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === wanted();
}

function wanted() {
  return contentHash(FOLDER, ['package-lock.json', 'package.json']);
}

async function install(include) {
  say('Installing the other verifiers ...');
  const args = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--loglevel=error'];
  const code = await runStep('npm', args, include).catch((error) => {
    if (error.code === 'ENOENT')
      throw new Sentence('There is no npm on the PATH: install it, it comes with Node.');
    throw error;
  });
  if (code !== 0) {
    throw new Sentence(
      `"npm ci" failed with exit code ${code} (what it said is above): put that right and start again.`,
    );
  }
  writeFileSync(MARK, wanted());
}
