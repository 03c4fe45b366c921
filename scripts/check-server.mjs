import './lib/node-version.mjs';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCliBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { assertFiles, keepArchive, run } from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';
import { installServer, packServer } from './lib/server-package.mjs';

/**
 * Packs the service as it would be published, runs `npm publish --dry-run`, and calls its commands in an empty folder.
 * `--out <folder>` keeps the package there. `test/nightly/server-package.nightly-spec.ts` starts it.
 */

const MAX_BYTES = 12_000_000;
/** No tests, sources or files of an environment. */
const PUBLISHED =
  /^(?!.*(?:\.spec\.|\/testing\/|(?<!\.d)\.tsx?$|\.env$))(?:(?:CHANGELOG|README)\.md$|LICENSE$|(?:package|npm-shrinkwrap)\.json$|(?:bin|deploy|dist|scripts)\/)/;
const scratch = mkdtempSync(join(tmpdir(), 'countersign-server-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureInstalled();
    await ensureCliBuilt();
    const archive = packServer(scratch);
    const folder = join(scratch, 'package');
    assertFiles(folder, PUBLISHED);
    assertPublishable(folder);
    const { size } = statSync(archive);
    if (size > MAX_BYTES)
      throw new Sentence(`The package of the service has ${size} bytes, more than ${MAX_BYTES}.`);
    publishAsTrial(folder, archive);
    const alone = join(scratch, 'alone');
    const program = join(installServer(alone, archive), 'bin', 'countersign');
    for (const words of [['help'], ['--version'], ['fake-telegram', '--help']])
      run(process.execPath, [program, ...words], alone);
    keepArchive(archive, values.out);
    say('The package of the service works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
