import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { buildFakeTelegram } from './lib/fake-telegram-package.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import {
  assertFiles,
  compileReadme,
  filesIn,
  installAlone,
  keepArchive,
  packLib,
  run,
} from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';

/**
 * Packs published/fake-telegram as it would be published, runs `npm publish --dry-run`, and uses the package and its command in
 * an empty folder. `--out <folder>` keeps the package there.
 */

const NAME = '@countersign/fake-telegram';
const LIB = inClone('published', 'fake-telegram');
const PUBLISHED =
  /^(dist\/(?:[\w-]+\/)?[a-z-]+(\.d\.ts|\.js)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;

const TRIAL = `
  const telegram = await startFakeTelegram({ port: 0 });
  const initData = telegram.telegram.signInitData({ botToken: '1:made-up', user: aTelegramUser(), authDate: new Date() });
  const served = await fetch(telegram.issuer + '/.well-known/openid-configuration').then((answer) => answer.json());
  await telegram.stop();
  if (!/hash=[0-9a-f]{64}/.test(initData) || served.issuer !== telegram.issuer) throw new Error('it does not sign');
`;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-fake-telegram-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureInstalled();
    const dist = join(scratch, 'dist');
    await buildFakeTelegram(dist, scratch);
    const archive = packLib(LIB, dist, scratch);
    const alone = join(scratch, 'alone');
    const installed = installAlone(alone, archive, NAME, ['@types/node', 'undici-types']);
    assertContents(installed);
    publishAsTrial(join(scratch, 'package'), archive);
    for (const source of [
      `import { startFakeTelegram, aTelegramUser } from '${NAME}'; ${TRIAL}`,
      `const { startFakeTelegram, aTelegramUser } = require('${NAME}'); (async () => { ${TRIAL} })();`,
    ])
      run(
        process.execPath,
        [`--input-type=${source.startsWith('import') ? 'module' : 'commonjs'}`, '--eval', source],
        alone,
      );
    compileReadme(alone, join(LIB, 'README.md'));
    await tryProgram(join(installed, 'dist', 'program.js'), alone);
    keepArchive(archive, values.out);
    say('The fake Telegram works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** Nothing but code, its types and pages; it needs Node alone. */
function assertContents(folder) {
  assertFiles(folder, PUBLISHED);
  for (const file of filesIn(folder).filter((each) => each.startsWith('dist/'))) {
    const named = readFileSync(join(folder, file), 'utf8').matchAll(
      /\b(?:require\(|from |import\()["']([^"']+)["']/g,
    );
    const wrong = [...named].map(([, name]) => name).find((name) => !/^(?:\.{1,2}\/|\.$|node:)/.test(name));
    if (wrong) throw new Sentence(`${file} would need ${wrong}.`);
  }
  assertPublishable(folder);
}

/** Starts the command, and asks it for init data. */
async function tryProgram(program, folder) {
  const child = spawn(process.execPath, [program, '--port', '0', '--keys', 'keys.json', '--bot', '1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 2],
  });
  try {
    const [output] = await once(child.stdout, 'data');
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.toString()) ?? [];
    const answer = await fetch(`${address}/init-data`, {
      method: 'POST',
      body: '{ "botToken": "1:made-up" }',
    });
    if (!(await answer.json()).initData) throw new Sentence('The command does not sign.');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
