import './lib/node-version.mjs';
import { ensureClientTypes } from './lib/client-types.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
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
  const code = await oxlint([
    '--type-aware',
    '--type-check',
    '--ignore-pattern=examples/',
    ...args,
    ...(isChosen ? [] : ['.']),
  ]);
  // Without types: what the examples import is installed by their own command, whose build checks their types.
  return code || isChosen ? code : oxlint([...args, 'examples']);
});

function oxlint(args) {
  const config = `--config=${inClone('lint.config.mjs')}`;
  return runChild(
    process.execPath,
    [inClone('node_modules/oxlint/bin/oxlint'), config, '--deny-warnings', ...args],
    {
      cwd: CLONE,
      stdio: 'inherit',
    },
  );
}
