import './lib/node-version.mjs';
import { CLONE } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

/** `npm run check -- <name> [<words>]`: what each looks at. */
const CHECKS = {
  compatibility: 'docs/openapi breaks no client of the last release, or of the commit that is named',
  contracts: 'compiled contracts of the tests match their sources; --write compiles them',
  dependencies: 'every dependency is pinned and has its line in docs/dependencies.md',
  documents: 'relative links, and the form of decision records',
  licences: 'every package of the service has a permissive licence; --write writes docs/licences.md',
  lines: 'no area has more lines than scripts/lines.json says',
  openapi: 'the linter has nothing to say about docs/openapi',
  packages: 'the packages that are published, or those that are named, work alone; --out <folder> keeps them',
  publication:
    'the packages, published to a registry of this machine, work in projects; --all: the service too',
  secrets: 'no file and no commit has a secret',
  unused: 'every file, export, type and dependency is used, and what is imported is declared',
};
/** Those of others, with their words; the rest are scripts. */
const PROGRAMS = { openapi: ['node_modules/@redocly/cli/bin/cli.js', 'lint', '--max-problems=1000'] };

await main(async () => {
  const [name, ...words] = process.argv.slice(2);
  if (name === undefined || !Object.hasOwn(CHECKS, name)) {
    for (const [each, meaning] of Object.entries(CHECKS)) say(`${each.padEnd(14)} ${meaning}`);
    throw new Sentence(
      name === undefined ? 'Name a check: npm run check -- <name>' : `There is no check ${name}.`,
    );
  }
  const program = PROGRAMS[name] ?? [`scripts/check-${name}.mjs`];
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return runChild(process.execPath, [...program, ...words], { cwd: CLONE, env, stdio: 'inherit' });
});
