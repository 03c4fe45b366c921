import './lib/node-version.mjs';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ensureExamplePackages, ensurePackages } from './lib/packed.mjs';
import { packServer } from './lib/server-package.mjs';

/** Packs all published packages, or only the named ones, into `dist/packages`. Prints the paths of the archives. */

await main(async () => {
  const libs = process.argv.slice(2);
  if (libs.length === 0) await ensureExamplePackages();
  const archives =
    libs[0] === 'server' ? [await server()] : await ensurePackages(libs.length > 0 ? libs : undefined);
  process.stdout.write(`${archives.join('\n')}\n`);
});

async function server() {
  await ensureInstalled();
  await ensureBuilt();
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-server-'));
  const archive = inClone('dist', 'packages', 'countersign.tgz');
  try {
    copyFileSync(await packServer(scratch), archive);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return archive;
}
