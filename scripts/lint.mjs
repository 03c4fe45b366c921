import './lib/node-version.mjs';
import { ensureClientTypes } from './lib/client-types.mjs';
import { CLONE } from './lib/clone.mjs';
import { ensureEventTypes } from './lib/event-types.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

/** Lint, and the types of every project, those of the client and the playground included; `--fix` mends what it can. */

await main(async () => {
  await ensureInstalled();
  await ensureClientTypes();
  ensureEventTypes();
  const args = process.argv.slice(2);
  const isChosen = args.some((arg) => !arg.startsWith('-'));
  const typed = ['--type-aware', '--type-check', '--ignore-pattern=examples/'];
  const code = await oxlint([...typed, ...args, ...(isChosen ? [] : ['.'])]);
  // Without types: what the examples import is installed by their own command, whose build checks their types.
  return code || isChosen ? code : oxlint([...args, 'examples']);
});

function oxlint(args) {
  const words = ['node_modules/oxlint/bin/oxlint', '--config=lint.config.mjs', '--deny-warnings', ...args];
  return runChild(process.execPath, words, { cwd: CLONE, stdio: 'inherit' });
}
