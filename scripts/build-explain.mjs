import './lib/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { explainPage } from './lib/verify-package.mjs';

/** Writes `docs/explain.html`, the page that says why a proof is refused. `--check` compares it with its sources instead. */

const PAGE = inClone('docs', 'explain.html');

await main(async () => {
  const page = await explainPage();
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
  else if (readFileSync(PAGE, 'utf8') !== page)
    throw new Sentence('docs/explain.html is older than its sources: run "node scripts/build-explain.mjs".');
  say('docs/explain.html has what its sources make.');
});
