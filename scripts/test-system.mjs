import './lib/node-version.mjs';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Programs that are called like the Debian packages they come from. */
const PROGRAMS = ['chromium', 'nginx', 'pgbouncer', 'redis-server'];

await main(async () => {
  const missing = PROGRAMS.filter((program) => !isOnPath(program));
  if (missing.length > 0) {
    throw new Sentence(
      `The system tests need programs that are missing here; run "apt-get install -y ${missing.join(' ')}".`,
    );
  }
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['system']);
});

/** Debian keeps servers in folders that only root has on the PATH. */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
