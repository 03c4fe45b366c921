import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_SOURCES } from './build-client.mjs';
import { inClone } from './clone.mjs';
import { ensureInstalled } from './install.mjs';
import { say } from './main.mjs';
import { packPublished } from './published.mjs';
import { ensureMade } from './setup-lock.mjs';

/** The package.json files of the examples name the archives in this folder. */
const FOLDER = inClone('examples', 'packages');
const MARK = join(FOLDER, '.hash');
const SOURCES = [...CLIENT_SOURCES, 'published/identity-token', 'LICENSE'];
const LIBS = {
  client: 'countersign-client.tgz',
  'identity-token': 'countersign-identity-token.tgz',
};

/** Packs the libs that the examples use as they would be published, unless their sources are unchanged since the last time. */
export function ensureExamplePackages() {
  return ensureMade(MARK, SOURCES, async () => {
    await ensureInstalled();
    say('Packing the client and the identity token package ...');
    mkdirSync(FOLDER, { recursive: true });
    for (const [lib, archive] of Object.entries(LIBS)) await pack(lib, join(FOLDER, archive));
  });
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
