import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_SOURCES } from './build-client.mjs';
import { CLONE, inClone } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say } from './main.mjs';
import { packPublished } from './published.mjs';
import { alone } from './setup-lock.mjs';

/** The package.json files of the examples name the archives in this folder. */
const FOLDER = inClone('examples', 'packages');
const MARK = join(FOLDER, '.hash');
const SOURCES = [...CLIENT_SOURCES, 'published/identity-token', 'LICENSE'];
const LIBS = {
  client: 'countersign-client.tgz',
  'identity-token': 'countersign-identity-token.tgz',
};

/** Packs the libs that the examples use as they would be published, unless their sources are unchanged since the last time. */
export async function ensureExamplePackages() {
  if (isPacked()) return;
  await alone(async () => {
    if (!isPacked()) await packAll();
  });
}

function isPacked() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === contentHash(CLONE, SOURCES);
}

async function packAll() {
  say('Packing the client and the identity token package ...');
  const hash = contentHash(CLONE, SOURCES);
  mkdirSync(FOLDER, { recursive: true });
  rmSync(MARK, { force: true });
  for (const [lib, archive] of Object.entries(LIBS)) await pack(lib, join(FOLDER, archive));
  writeFileSync(MARK, hash);
}

async function pack(name, archive) {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-example-'));
  try {
    copyFileSync(await packPublished(name, scratch), `${archive}.new`);
    renameSync(`${archive}.new`, archive);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
