import './lib/node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say } from './lib/main.mjs';
import { assertFiles, compileReadme, installAlone, keepArchive, packLib, run } from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';
import { buildVerify } from './lib/verify-package.mjs';

/**
 * Packs published/verify as it would be published, runs `npm publish --dry-run`, and uses the package in an empty folder.
 * `--out <folder>` keeps the package there.
 */

const NAME = '@countersign/verify';
const LIB = inClone('published', 'verify');
const PUBLISHED = /^(dist\/(index\.m?js|[a-z-]+\.d\.ts)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;

const TRIAL = `
  const options = { botToken: '42:token', maxAgeSeconds: 60 };
  verifyInitData('auth_date=1760000000&hash=' + '0'.repeat(64), options).then(({ code }) => {
    if (code !== 'init_data.hash_mismatch') throw new Error('it answers ' + code);
  });
`;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-verify-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureInstalled();
    const dist = join(scratch, 'dist');
    const bytes = await buildVerify(dist, scratch);
    const archive = packLib(LIB, dist, scratch);
    const alone = join(scratch, 'alone');
    const installed = installAlone(alone, archive, NAME, ['@types/node', 'undici-types']);
    assertFiles(installed, PUBLISHED);
    assertPublishable(installed);
    publishAsTrial(join(scratch, 'package'), archive);
    const imports = {
      module: `import { verifyInitData } from '${NAME}';`,
      commonjs: `const { verifyInitData } = require('${NAME}');`,
    };
    for (const [type, line] of Object.entries(imports))
      run(process.execPath, [`--input-type=${type}`, '--eval', line + TRIAL], alone);
    compileReadme(alone, join(LIB, 'README.md'));
    keepArchive(archive, values.out);
    say(`The verifiers work alone: ${bytes} bytes, compressed.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
