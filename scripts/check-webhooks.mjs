import './lib/node-version.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import {
  compileReadme,
  filesIn,
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
const PUBLISHED = /^(dist\/[a-z-]+(?<!\.spec)(\.d\.ts|\.js)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;

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
  throw new Error('it verifies what nobody signed');
`;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-webhooks-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureInstalled();
    const dist = join(scratch, 'dist');
    runInstalled(
      'typescript/bin/tsc',
      ['--project', join(LIB, 'tsconfig.build.json'), '--outDir', dist],
      scratch,
    );
    const archive = packLib(LIB, dist, scratch);
    const alone = join(scratch, 'alone');
    const beside = ['standardwebhooks', '@types/node', 'undici-types'];
    assertContents(installAlone(alone, archive, NAME, beside));
    publishAsTrial(join(scratch, 'package'), archive);
    run(process.execPath, ['--input-type=module', '--eval', TRIAL], alone);
    compileReadme(alone, join(LIB, 'README.md'));
    keepArchive(archive, values.out);
    say('The package for webhooks works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

function assertContents(folder) {
  const stranger = filesIn(folder).find((file) => !PUBLISHED.test(file));
  if (stranger) throw new Sentence(`${stranger} would be published.`);
  const [own, ours] = [join(folder, 'package.json'), inClone('package.json')].map((file) =>
    JSON.parse(readFileSync(file, 'utf8')),
  );
  const tested = ours.devDependencies.standardwebhooks;
  if (own.dependencies.standardwebhooks !== tested)
    throw new Sentence(`The package is tested with standardwebhooks ${tested} and names another version.`);
  assertPublishable(folder);
}
