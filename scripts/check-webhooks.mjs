import './lib/node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { ensureEventTypes } from './lib/event-types.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say } from './lib/main.mjs';
import {
  assertFiles,
  assertTestedVersion,
  compileReadme,
  installAlone,
  keepArchive,
  packLib,
  run,
  runInstalled,
} from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';

/**
 * Packs published/webhook-events as it would be published, runs `npm publish --dry-run`, and uses the package in a folder that has its
 * dependency only. `--out <folder>` keeps the package there.
 */

const NAME = '@countersign/webhooks';
const LIB = inClone('published', 'webhook-events');
const PUBLISHED =
  /^(dist\/(generated\/)?[a-z-]+(?<!\.spec)(\.d\.ts|\.js)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;

/** By `import` and by `require()`, and only one of the two. */
const TRIAL = `
  import { createRequire } from 'node:module';
  import { verifyEvent, WebhookVerificationError } from '${NAME}';
  if (createRequire(process.cwd() + '/')('${NAME}').verifyEvent !== verifyEvent) throw new Error('loaded twice');
  try {
    verifyEvent('{}', {}, ['whsec_AAAA']);
  } catch (error) {
    if (error instanceof WebhookVerificationError) process.exit(0);
  }
  throw new Error('it accepts a request without a signature');
`;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-webhooks-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureInstalled();
    ensureEventTypes();
    const dist = join(scratch, 'dist');
    runInstalled(
      'typescript/bin/tsc',
      ['--project', join(LIB, 'tsconfig.build.json'), '--outDir', dist],
      scratch,
    );
    const archive = packLib(LIB, dist, scratch);
    const alone = join(scratch, 'alone');
    const beside = ['standardwebhooks', '@types/node', 'undici-types'];
    const installed = installAlone(alone, archive, NAME, beside);
    assertFiles(installed, PUBLISHED);
    assertTestedVersion(installed, 'standardwebhooks');
    assertPublishable(installed);
    publishAsTrial(join(scratch, 'package'), archive);
    run(process.execPath, ['--input-type=module', '--eval', TRIAL], alone);
    compileReadme(alone, join(LIB, 'README.md'));
    keepArchive(archive, values.out);
    say('The package for webhooks works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
