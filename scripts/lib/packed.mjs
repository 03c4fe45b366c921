import { copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CLIENT_SOURCES } from './build-client.mjs';
import { inClone } from './clone.mjs';
import { ensureInstalled } from './install.mjs';
import { say } from './main.mjs';
import { packPublished } from './published.mjs';
import { ensureMade } from './setup-lock.mjs';

const FOLDER = inClone('dist', 'packages');
const SOURCES = [...CLIENT_SOURCES, 'published', 'libs/pure', 'docs/events.schema.json', 'LICENSE'];
/** By folder in `published`. */
const ARCHIVES = {
  client: 'countersign-client.tgz',
  'identity-token': 'countersign-identity-token.tgz',
  'fake-telegram': 'countersign-fake-telegram.tgz',
  verify: 'countersign-verify.tgz',
  'webhook-events': 'countersign-webhooks.tgz',
};

/**
 * Packs the published packages into `dist/packages`, unless they were packed from exactly these sources.
 *
 * @param {readonly string[]} libs
 * @returns {Promise<string[]>} the paths of the archives
 */
export async function ensurePackages(libs = Object.keys(ARCHIVES)) {
  const archives = libs.map((lib) => join(FOLDER, ARCHIVES[lib]));
  for (const [index, lib] of libs.entries())
    await ensureMade(`${archives[index]}.hash`, SOURCES, () => pack(lib, archives[index]));
  return archives;
}

/** Copies the packages that the examples use into the folder that their package.json files name. */
export async function ensureExamplePackages() {
  const folder = inClone('examples', 'packages');
  mkdirSync(folder, { recursive: true });
  for (const archive of await ensurePackages(['client', 'identity-token']))
    cpSync(archive, join(folder, basename(archive)));
}

async function pack(lib, archive) {
  await ensureInstalled();
  say(`Packing dist/packages/${basename(archive)}, which takes up to a minute ...`);
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-example-'));
  try {
    mkdirSync(FOLDER, { recursive: true });
    copyFileSync(await packPublished(lib, scratch), `${archive}.new`);
    renameSync(`${archive}.new`, archive);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
